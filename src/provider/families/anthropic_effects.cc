#include "provider/families/anthropic_effects.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace refrain::provider {
namespace {

/// What a member says by being there, or a tool by a type that begins so; a version follows.
struct effect_row {
  std::string_view name;
  uncacheable_reason why;
};

constexpr std::array telling_members{
    effect_row{"container", uncacheable_reason::server_state},
    effect_row{"diagnostics", uncacheable_reason::server_state},
    effect_row{"thread", uncacheable_reason::server_state},
    effect_row{"mcp_servers", uncacheable_reason::upstream_effect},
    effect_row{"fallback_credit_token", uncacheable_reason::upstream_effect},
};

constexpr std::array tool_families{
    effect_row{"custom", uncacheable_reason::none},        effect_row{"bash_", uncacheable_reason::none},
    effect_row{"text_editor_", uncacheable_reason::none},  effect_row{"memory_", uncacheable_reason::none},
    effect_row{"computer_", uncacheable_reason::none},     effect_row{"browser_", uncacheable_reason::none},
    effect_row{"web_search_", uncacheable_reason::none},   effect_row{"web_fetch_", uncacheable_reason::none},
    effect_row{"tool_search_", uncacheable_reason::none},  effect_row{"advisor_", uncacheable_reason::none},
    effect_row{"code_", uncacheable_reason::server_state},
};

bool is_there(const std::optional<canonical_value>& member) {
  return member && (!member->is(json_kind::array) || member->holds_something());
}

uncacheable_reason effect_of_members(const canonical_value& body) {
  for (const auto& [name, why] : telling_members) {
    if (is_there(body.given(name))) return why;
  }
  const auto most = body.find("max_tokens");
  return most && most->integer() == 0 ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

uncacheable_reason effect_of_tool(const canonical_value& tool) {
  if (!tool.given("type")) return uncacheable_reason::none;
  const auto name = tool.text("type");
  const auto* const family =
      std::ranges::find_if(tool_families, [&](const effect_row& one) { return name.starts_with(one.name); });
  return family == tool_families.end() ? uncacheable_reason::upstream_effect : family->why;
}

/// A message, a block of its content, a block's source, or a list of such: they hold each other in `content` and
/// `source`. What a tool is called with is not looked at: a `file_id` there is the client's own.
bool refers_to_file(const canonical_value& value) {
  if (value.is(json_kind::array)) return any_element(value, refers_to_file);
  if (value.given("file_id")) return true;
  const auto content = value.find("content");
  if (content && refers_to_file(*content)) return true;
  const auto source = value.find("source");
  return source && refers_to_file(*source);
}

}  // namespace

uncacheable_reason anthropic_effect_of(const canonical_value& body) {
  if (const auto why = effect_of_members(body); why != uncacheable_reason::none) return why;
  if (const auto why = first_reason(body.find("tools"), effect_of_tool); why != uncacheable_reason::none) return why;
  const auto messages = body.find("messages");
  return messages && refers_to_file(*messages) ? uncacheable_reason::server_state : uncacheable_reason::none;
}

}  // namespace refrain::provider
