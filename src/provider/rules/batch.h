#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "provider/json/canonical_value.h"
#include "provider/wire.h"

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
};

/// What a dialect adds whose requests ask for a list of things, each of which is an entry of its own (see
/// parsed_request::list). Only those that nobody knows are asked for. Pure, as the dialect.
class batch {
 public:
  explicit constexpr batch(const list_rules& rules) noexcept : rules_(rules) {}

  /// The body that asks for the `wanted` items, ascending; the client's to the letter, less LiteLLM's directives, where
  /// that is all of them. `request` was read from it.
  [[nodiscard]] std::string ask_for(const entry::parsed_request& request, std::string_view body,
                                    std::span<const std::size_t> wanted) const;

  /// What a whole answer says of each of the `count` items that were asked for, in their order: the bodies of their
  /// entries. Its parts may come in another order where they say their index. Fails with upstream_protocol where it
  /// answers more or fewer, or does not say clearly which part is which item's. `asked` says how the request wants it.
  [[nodiscard]] base::result<std::vector<std::string>> take_apart(std::string_view answer, std::size_t count,
                                                                  const entry::item_list& asked = {}) const;

  /// The answer to a request from the bodies of its items' entries, in order, with what all of them together used.
  /// Fails with not_found where one of them cannot take the form that is asked for.
  [[nodiscard]] base::result<rendering> put_together(const entry::item_list& request,
                                                     std::span<const std::string_view> items,
                                                     const entry::token_usage& usage) const;

 private:
  list_rules rules_;
};

/// What is wrong with an answer that holds vectors where the rules say; none of them may be empty.
[[nodiscard]] uncacheable_reason judge_vectors(const canonical_value& answer, const list_rules& rules);

/// What the items of a request share: all that is keyed, as `digest_members` has found it, but for `asked`.
[[nodiscard]] base::digest256 digest_beside(const entry::parsed_request& parsed, std::string_view asked);

/// The items where they are texts or lists of tokens, one or a list of such, in a request's member `asked`.
/// `parsed` has its digests.
[[nodiscard]] std::vector<entry::listed_item> read_texts(const canonical_value& said, std::string_view asked,
                                                         const entry::parsed_request& parsed);

/// Whether a value is a list of tokens, and so one item.
[[nodiscard]] bool is_tokens(const canonical_value& value);

/// An item by what it shares with the others and what it says itself.
[[nodiscard]] base::digest256 digest_of_item(const base::digest256& rest, std::string_view said);

}  // namespace refrain::provider
