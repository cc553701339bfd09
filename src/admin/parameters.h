#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace refrain::admin {

/// The parameters of a query, decoded as forms and URLSearchParams write them: a plus is a blank
/// (WHATWG URL, section 5.1).
class parameters {
 public:
  /// Fails with bad_usage on a broken escape, and on a name that comes twice: which of the two counts would be a guess.
  [[nodiscard]] static base::result<parameters> parse(std::string_view query);

  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

  /// A whole number between `least` and `most`, or `otherwise` where the parameter is absent. Fails with bad_usage.
  [[nodiscard]] base::result<std::int64_t> number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                                  std::int64_t most) const;

  using parameter = std::pair<std::string, std::string>;
  [[nodiscard]] std::span<const parameter> all() const noexcept { return all_; }

 private:
  std::vector<parameter> all_;
};

/// The error for a name that is none of `known`; names the nearest.
[[nodiscard]] base::error unknown_name(std::string_view name, std::span<const std::string_view> known);

}  // namespace refrain::admin
