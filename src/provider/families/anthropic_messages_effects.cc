#include "provider/families/anthropic_messages_effects.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

struct telling_member {
  std::string_view name;
  uncacheable_reason why;
};

/// Members that say it by being there.
constexpr std::array telling_members{
    telling_member{"container", uncacheable_reason::server_state},
    telling_member{"diagnostics", uncacheable_reason::server_state},
    telling_member{"thread", uncacheable_reason::server_state},
    telling_member{"mcp_servers", uncacheable_reason::upstream_effect},
    telling_member{"fallback_credit_token", uncacheable_reason::upstream_effect},
};

/// What a tool's `type` begins with; a version follows.
struct tool_family {
  std::string_view prefix;
  uncacheable_reason why;
};

constexpr std::array tool_families{
    tool_family{"custom", uncacheable_reason::none},        tool_family{"bash_", uncacheable_reason::none},
    tool_family{"text_editor_", uncacheable_reason::none},  tool_family{"memory_", uncacheable_reason::none},
    tool_family{"computer_", uncacheable_reason::none},     tool_family{"browser_", uncacheable_reason::none},
    tool_family{"web_search_", uncacheable_reason::none},   tool_family{"web_fetch_", uncacheable_reason::none},
    tool_family{"tool_search_", uncacheable_reason::none},  tool_family{"advisor_", uncacheable_reason::none},
    tool_family{"code_", uncacheable_reason::server_state},
};

bool is_there(const std::optional<canonical_value>& member) {
  if (is_null_or_absent(member)) return false;
  return !member->is(json_kind::array) || member->elements().next().has_value();
}

uncacheable_reason effect_of_members(const canonical_value& body) {
  for (const auto& [name, why] : telling_members) {
    if (is_there(body.find(name))) return why;
  }
  const auto most = body.find("max_tokens");
  return most && most->integer() == 0 ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

uncacheable_reason effect_of_tool(const canonical_value& tool) {
  const auto type = tool.find("type");
  if (is_null_or_absent(type)) return uncacheable_reason::none;
  const auto name = tool.text("type");
  const auto* const family =
      std::ranges::find_if(tool_families, [&](const tool_family& one) { return name.starts_with(one.prefix); });
  return family == tool_families.end() ? uncacheable_reason::upstream_effect : family->why;
}

uncacheable_reason effect_of_tools(const canonical_value& body) {
  const auto tools = body.find("tools");
  if (!tools) return uncacheable_reason::none;
  for (auto left = tools->elements(); const auto tool = left.next();) {
    if (const auto why = effect_of_tool(*tool); why != uncacheable_reason::none) return why;
  }
  return uncacheable_reason::none;
}

bool refers_to_file(const canonical_value& value);

bool any_refers_to_file(const canonical_value& list) {
  for (auto left = list.elements(); const auto one = left.next();) {
    if (refers_to_file(*one)) return true;
  }
  return false;
}

/// A message, a block of its content, a block's source, or a list of such: they hold each other in `content` and
/// `source`. What a tool is called with is not looked at: a `file_id` there is the client's own.
bool refers_to_file(const canonical_value& value) {
  if (value.is(json_kind::array)) return any_refers_to_file(value);
  if (!is_null_or_absent(value.find("file_id"))) return true;
  const auto content = value.find("content");
  if (content && refers_to_file(*content)) return true;
  const auto source = value.find("source");
  return source && refers_to_file(*source);
}

}  // namespace

uncacheable_reason anthropic_effect_of(const canonical_value& body) {
  if (const auto why = effect_of_members(body); why != uncacheable_reason::none) return why;
  if (const auto why = effect_of_tools(body); why != uncacheable_reason::none) return why;
  const auto messages = body.find("messages");
  return messages && refers_to_file(*messages) ? uncacheable_reason::server_state : uncacheable_reason::none;
}

}  // namespace refrain::provider
