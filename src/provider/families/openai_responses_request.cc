#include "provider/families/openai_responses_request.h"

#include <array>

#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::array denylist{
    unkeyed_member{"cache", "LiteLLM's directives to the cache itself; keyed all the same where it is no object"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
    unkeyed_member{"stream_options", "shapes the replay, not the content"},
};
static_assert(denylist.front().name == "cache");

bool is_present(const canonical_value& object, std::string_view name) { return !is_null_or_absent(object.find(name)); }

/// A tool that the provider runs itself, and what its running leaves behind.
uncacheable_reason judge_tool(const canonical_value& tool) {
  const auto type = tool.text("type");
  if (type == "mcp") return uncacheable_reason::upstream_effect;
  if (type == "code_interpreter") return uncacheable_reason::server_state;
  const auto environment = tool.find("environment");
  const bool hosted = environment && environment->text("type").starts_with("container");
  return hosted ? uncacheable_reason::server_state : uncacheable_reason::none;
}

uncacheable_reason judge_tools(const canonical_value& holder) {
  const auto tools = holder.find("tools");
  if (!tools) return uncacheable_reason::none;
  for (auto left = tools->elements(); const auto tool = left.next();) {
    if (const auto why = judge_tool(*tool); why != uncacheable_reason::none) return why;
  }
  return uncacheable_reason::none;
}

/// Tools also come with items of the input (`additional_tools`).
uncacheable_reason judge_all_tools(const canonical_value& body) {
  if (const auto why = judge_tools(body); why != uncacheable_reason::none) return why;
  const auto input = body.find("input");
  if (!input) return uncacheable_reason::none;
  for (auto left = input->elements(); const auto item = left.next();) {
    if (const auto why = judge_tools(*item); why != uncacheable_reason::none) return why;
  }
  return uncacheable_reason::none;
}

bool is_true(const canonical_value& body, std::string_view name) {
  const auto member = body.find(name);
  return member && member->is(json_kind::yes);
}

uncacheable_reason judge_state(const canonical_value& body) {
  if (is_true(body, "background")) return uncacheable_reason::upstream_effect;
  if (is_present(body, "conversation")) return uncacheable_reason::upstream_effect;
  const auto prompt = body.find("prompt");
  if (!is_null_or_absent(prompt) && prompt->text("version").empty()) return uncacheable_reason::server_state;
  return judge_all_tools(body);
}

bool holds_file_id(const canonical_value& content) {
  for (auto parts = content.elements(); const auto part = parts.next();) {
    if (is_present(*part, "file_id")) return true;
  }
  return false;
}

/// Whether an item stands for what the provider has, and the request does not show.
bool refers(const canonical_value& item) {
  if (item.text("type") == "item_reference") return true;
  for (const auto* const name : {"content", "output"}) {
    if (const auto parts = item.find(name); parts && holds_file_id(*parts)) return true;
  }
  return false;
}

bool refers_to_kept_things(const canonical_value& body) {
  if (is_present(body, "previous_response_id") || is_present(body, "prompt")) return true;
  const auto input = body.find("input");
  if (!input) return false;
  for (auto left = input->elements(); const auto item = left.next();) {
    if (refers(*item)) return true;
  }
  return false;
}

/// `input` is a text or a list of items, and may be absent where a template brings it.
bool read_input(const canonical_value& body, entry::parsed_request& parsed) {
  const auto input = body.find("input");
  if (is_null_or_absent(input)) return is_present(body, "prompt") || is_present(body, "previous_response_id");
  if (!input->is(json_kind::string) && !input->is(json_kind::array)) return false;
  parsed.query = input->is(json_kind::string) ? shown_text(*input) : last_question(*input);
  return true;
}

uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  parsed.bound_to_account = true;
  read_openai_frame(body, parsed);
  const bool names_model = !parsed.model.empty() || is_present(body, "prompt");
  if (!read_openai_form(body, parsed) || !names_model || !read_input(body, parsed))
    return uncacheable_reason::malformed_body;
  digest_openai_members(body, denylist, parsed);
  parsed.exact_only = refers_to_kept_things(body);
  return judge_state(body);
}

}  // namespace

entry::parsed_request read_openai_responses_request(std::string_view body) { return read_request(body, read_body); }

}  // namespace refrain::provider
