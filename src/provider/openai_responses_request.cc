#include "provider/openai_responses_request.h"

#include <array>

#include "provider/openai_request.h"

namespace refrain::provider {
namespace {

using entry::refusal;

constexpr std::array denylist{
    unkeyed_member{"cache", "LiteLLM's wishes to the cache itself; keyed all the same where it is no object"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
    unkeyed_member{"stream_options", "shapes the replay, not the content"},
};
static_assert(denylist.front().name == "cache");

bool is_present(const canonical_value& object, std::string_view name) { return !is_null_or_absent(object.find(name)); }

/// A tool that the provider runs itself, and what its running leaves behind.
refusal judge_tool(const canonical_value& tool) {
  const auto type = tool.text("type");
  if (type == "mcp") return refusal::upstream_effect;
  if (type == "code_interpreter") return refusal::server_state;
  const auto environment = tool.find("environment");
  const bool hosted = environment && environment->text("type").starts_with("container");
  return hosted ? refusal::server_state : refusal::none;
}

refusal judge_tools(const canonical_value& holder) {
  const auto tools = holder.find("tools");
  if (!tools) return refusal::none;
  for (auto left = tools->elements(); const auto tool = left.next();) {
    if (const auto why = judge_tool(*tool); why != refusal::none) return why;
  }
  return refusal::none;
}

/// Tools also come with items of the input (`additional_tools`).
refusal judge_all_tools(const canonical_value& body) {
  if (const auto why = judge_tools(body); why != refusal::none) return why;
  const auto input = body.find("input");
  if (!input) return refusal::none;
  for (auto left = input->elements(); const auto item = left.next();) {
    if (const auto why = judge_tools(*item); why != refusal::none) return why;
  }
  return refusal::none;
}

bool is_true(const canonical_value& body, std::string_view name) {
  const auto member = body.find(name);
  return member && member->is(json_kind::yes);
}

refusal judge_state(const canonical_value& body) {
  if (is_true(body, "background")) return refusal::upstream_effect;
  if (is_present(body, "conversation")) return refusal::upstream_effect;
  const auto prompt = body.find("prompt");
  if (!is_null_or_absent(prompt) && prompt->text("version").empty()) return refusal::server_state;
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
bool read_input(const canonical_value& body, entry::facts& known) {
  const auto input = body.find("input");
  if (is_null_or_absent(input)) return is_present(body, "prompt") || is_present(body, "previous_response_id");
  if (!input->is(json_kind::string) && !input->is(json_kind::array)) return false;
  known.query = input->is(json_kind::string) ? shown_text(*input) : last_question(*input);
  return true;
}

refusal read_body(const canonical_value& body, entry::facts& known) {
  known.bound_to_account = true;
  read_openai_frame(body, known);
  const bool names_model = !known.model.empty() || is_present(body, "prompt");
  if (!read_openai_form(body, known) || !names_model || !read_input(body, known)) return refusal::malformed_body;
  digest_openai_members(body, denylist, known);
  known.exact_only = refers_to_kept_things(body);
  return judge_state(body);
}

}  // namespace

entry::facts read_openai_responses_request(std::string_view body) { return read_request(body, read_body); }

}  // namespace refrain::provider
