#include "provider/anthropic_messages_effects.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "provider/openai_request.h"

namespace refrain::provider {
namespace {

using entry::refusal;

struct telling_member {
  std::string_view name;
  refusal why;
};

/// Members that say it by being there.
constexpr std::array telling_members{
    telling_member{"container", refusal::server_state},
    telling_member{"diagnostics", refusal::server_state},
    telling_member{"thread", refusal::server_state},
    telling_member{"mcp_servers", refusal::upstream_effect},
    telling_member{"fallback_credit_token", refusal::upstream_effect},
};

/// What a tool's `type` begins with; a version follows.
struct tool_family {
  std::string_view prefix;
  refusal why;
};

constexpr std::array tool_families{
    tool_family{"custom", refusal::none},        tool_family{"bash_", refusal::none},
    tool_family{"text_editor_", refusal::none},  tool_family{"memory_", refusal::none},
    tool_family{"computer_", refusal::none},     tool_family{"browser_", refusal::none},
    tool_family{"web_search_", refusal::none},   tool_family{"web_fetch_", refusal::none},
    tool_family{"tool_search_", refusal::none},  tool_family{"advisor_", refusal::none},
    tool_family{"code_", refusal::server_state},
};

bool is_there(const std::optional<canonical_value>& member) {
  if (is_null_or_absent(member)) return false;
  return !member->is(json_kind::array) || member->elements().next().has_value();
}

refusal effect_of_members(const canonical_value& body) {
  for (const auto& [name, why] : telling_members) {
    if (is_there(body.find(name))) return why;
  }
  const auto most = body.find("max_tokens");
  return most && most->integer() == 0 ? refusal::upstream_effect : refusal::none;
}

refusal effect_of_tool(const canonical_value& tool) {
  const auto type = tool.find("type");
  if (is_null_or_absent(type)) return refusal::none;
  const auto name = tool.text("type");
  const auto* const family =
      std::ranges::find_if(tool_families, [&](const tool_family& one) { return name.starts_with(one.prefix); });
  return family == tool_families.end() ? refusal::upstream_effect : family->why;
}

refusal effect_of_tools(const canonical_value& body) {
  const auto tools = body.find("tools");
  if (!tools) return refusal::none;
  for (auto left = tools->elements(); const auto tool = left.next();) {
    if (const auto why = effect_of_tool(*tool); why != refusal::none) return why;
  }
  return refusal::none;
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

refusal anthropic_effect_of(const canonical_value& body) {
  if (const auto why = effect_of_members(body); why != refusal::none) return why;
  if (const auto why = effect_of_tools(body); why != refusal::none) return why;
  const auto messages = body.find("messages");
  return messages && refers_to_file(*messages) ? refusal::server_state : refusal::none;
}

}  // namespace refrain::provider
