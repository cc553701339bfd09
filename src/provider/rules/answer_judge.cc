#include "provider/rules/answer_judge.h"

#include <cstdint>
#include <string_view>

namespace refrain::provider {
namespace {

std::optional<std::uint64_t> count_of(const canonical_value& usage, std::string_view name, std::string_view other) {
  const auto count = usage.count(name);
  return count ? count : usage.count(other);
}

}  // namespace

entry::token_usage read_openai_usage(const std::optional<canonical_value>& usage) {
  if (!usage || !usage->is(json_kind::object)) return {};
  auto details = usage->find("prompt_tokens_details");
  if (!details) details = usage->find("input_tokens_details");
  return {.input = count_of(*usage, "prompt_tokens", "input_tokens"),
          .cached_input = details ? details->count("cached_tokens") : std::nullopt,
          .output = count_of(*usage, "completion_tokens", "output_tokens")};
}

bool holds_error(const canonical_value& object) { return object.given("error").has_value(); }

}  // namespace refrain::provider
