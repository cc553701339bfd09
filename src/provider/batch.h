#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "entry/money.h"
#include "provider/dialect.h"

namespace refrain::provider {

/// One of the things that a request asks for.
struct batch_item {
  base::digest256 content;   ///< as parsed_request::content, of this item alone
  std::string query;         ///< as parsed_request::query
  std::uint64_t weight = 1;  ///< its share of the tokens that the whole costs, beside the others' weights
  std::optional<std::uint64_t> characters{};  ///< as parsed_request::characters
};

/// A request for several things, read once for all that is done with it.
struct batch_request {
  std::vector<batch_item> items{};  ///< at least one
  bool has_directives = false;      ///< its body has LiteLLM's, which do not go upstream
  bool alone = false;               ///< its answer is to hold its only item without a list
  bool as_base64 = false;           ///< its answer is to hold vectors as bytes rather than as numbers
};

/// What a dialect adds whose requests ask for a list of things, each of which is an entry of its own: texts to embed,
/// texts to speak. Only those that nobody knows are asked for. Pure, as the dialect.
class batch {
 public:
  virtual ~batch() = default;

  /// Reads a request against whose caching its facts say nothing.
  [[nodiscard]] virtual batch_request read(const request_view& request) const = 0;

  /// The body that asks for the `wanted` items, ascending; the client's to the letter, less LiteLLM's directives, where
  /// that is all of them. `request` was read from it.
  [[nodiscard]] virtual std::string ask_for(const batch_request& request, std::string_view body,
                                            std::span<const std::size_t> wanted) const = 0;

  /// What a whole answer says of each of the `count` items that were asked for, in their order: the bodies of their
  /// entries. Fails with upstream_protocol where it answers more, fewer, or in another order.
  [[nodiscard]] virtual base::result<std::vector<std::string>> take_apart(std::string_view answer,
                                                                          std::size_t count) const = 0;

  /// The answer to a request from the bodies of its items' entries, in order, with what all of them together used.
  /// Fails with not_found where one of them cannot take the form that is asked for.
  [[nodiscard]] virtual base::result<rendering> put_together(const batch_request& request,
                                                             std::span<const std::string_view> items,
                                                             const entry::token_usage& usage) const = 0;
};

}  // namespace refrain::provider
