#include "provider/rules/answer_judge.h"

#include <cstdint>
#include <string_view>

namespace refrain::provider {
namespace {

std::optional<std::uint64_t> tokens_in(const canonical_value& usage, std::string_view name) {
  const auto member = usage.find(name);
  const auto count = member ? member->integer() : std::nullopt;
  if (!count || *count < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*count);
}

std::optional<std::uint64_t> tokens_in(const canonical_value& usage, std::string_view name, std::string_view other) {
  const auto count = tokens_in(usage, name);
  return count ? count : tokens_in(usage, other);
}

}  // namespace

entry::token_usage read_openai_usage(const std::optional<canonical_value>& usage) {
  if (!usage || !usage->is(json_kind::object)) return {};
  auto details = usage->find("prompt_tokens_details");
  if (!details) details = usage->find("input_tokens_details");
  return {.input = tokens_in(*usage, "prompt_tokens", "input_tokens"),
          .cached_input = details ? tokens_in(*details, "cached_tokens") : std::nullopt,
          .output = tokens_in(*usage, "completion_tokens", "output_tokens")};
}

bool holds_error(const canonical_value& object) {
  const auto error = object.find("error");
  return error && !error->is(json_kind::null);
}

bool holds_something(const canonical_value& value) {
  switch (value.kind()) {
    case json_kind::string: return !value.string()->empty();
    case json_kind::array: return value.elements().next().has_value();
    case json_kind::object: return value.members().next().has_value();
    default: return false;
  }
}

}  // namespace refrain::provider
