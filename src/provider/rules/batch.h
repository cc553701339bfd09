#pragma once

#include <span>
#include <string_view>

#include "provider/batch.h"
#include "provider/json/json_tree.h"
#include "provider/rules/answer_judge.h"
#include "provider/rules/keyed_members.h"

namespace refrain::provider {

/// Where an endpoint's requests hold a list of items, and its answers a part for each, in their order.
struct list_rules {
  std::string_view asked;      ///< the request's member that holds the items, if it is a list
  std::string_view answered;   ///< the answer's that holds the parts
  std::string_view alone{};    ///< the answer's that holds the only part without a list, where it may; an entry's
  std::string_view index{};    ///< a part's that counts the parts, from 0; no entry has it
  std::string_view vector{};   ///< a part's that holds a vector of floats, where the part is not a vector itself
  std::string_view used{};     ///< the answer's that says what all items together used; no entry has it
  std::string_view used_as{};  ///< how `used` is written: JSON with each `#` standing for the number of tokens
  std::string_view type = "application/json";  ///< the answer's
  bool takes_base64 = false;                   ///< vectors may stand in base64 as well
  batch_request (*read)(const canonical_value& body, const request_view& request) = nullptr;
};

/// A batch by its rules.
class list_batch final : public batch {
 public:
  explicit constexpr list_batch(const list_rules& rules) noexcept : rules_(rules) {}

  [[nodiscard]] batch_request read(const request_view& request) const override;
  [[nodiscard]] std::string ask_for(const batch_request& request, std::string_view body,
                                    std::span<const std::size_t> wanted) const override;
  [[nodiscard]] base::result<std::vector<std::string>> take_apart(std::string_view answer,
                                                                  std::size_t count) const override;
  [[nodiscard]] base::result<rendering> put_together(const batch_request& request,
                                                     std::span<const std::string_view> items,
                                                     const entry::token_usage& usage) const override;

 private:
  list_rules rules_;
};

/// What is wrong with an answer that holds vectors where the rules say; none of them may be empty.
[[nodiscard]] entry::uncacheable_reason judge_vectors(const canonical_value& answer, const list_rules& rules);

/// What the items of a request share: all that is keyed, but for `asked`.
[[nodiscard]] base::digest256 digest_beside(const canonical_value& body, std::span<const unkeyed_member> denylist,
                                            std::string_view asked, bool has_directives = false);

/// `list_rules::read` where the items are texts or lists of tokens: one, or a list of such.
[[nodiscard]] batch_request read_texts(const canonical_value& body, std::span<const unkeyed_member> denylist,
                                       std::string_view asked, bool has_directives = false);

/// Whether a value is a list of tokens, and so one item.
[[nodiscard]] bool is_tokens(const canonical_value& value);

/// An item by what it shares with the others and what it says itself.
[[nodiscard]] base::digest256 digest_of_item(const base::digest256& rest, std::string_view said);

}  // namespace refrain::provider
