#include "provider/families/gemini_content_request.h"

#include <array>
#include <span>

#include "provider/families/gemini_target.h"
#include "provider/rules/answer_judge.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_members.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::array denylist{
    unkeyed_member{"generationConfig", "where it is empty, as the SDK for Python sends it; keyed in all other cases"},
    unkeyed_member{"labels", "tags of the bill; the model does not see them"},
    unkeyed_member{"serviceTier", "price and latency, not content"},
    unkeyed_member{"store", "whether the provider logs the call; `true` is not cached at all"},
};
static_assert(denylist.front().name == "generationConfig");

void digest(const canonical_value& body, entry::parsed_request& parsed) {
  const auto config = body.find("generationConfig");
  const bool says_nothing = config && config->is(json_kind::object) && !holds_something(*config);
  digest_members(body, says_nothing ? std::span{denylist} : std::span{denylist}.subspan(1), parsed);
}

/// A member that is to be a list may be its only element.
template <class Visit>
bool any_of(const canonical_value& list, Visit visit) {
  if (list.is(json_kind::object)) return visit(list);
  for (auto left = list.elements(); const auto one = left.next();) {
    if (visit(*one)) return true;
  }
  return false;
}

bool is_kept_file(std::string_view uri) {
  return uri.starts_with("files/") || (uri.contains("googleapis.com/") && uri.contains("/files/"));
}

bool part_names_file(const canonical_value& part) {
  const auto file = find_either(part, "fileData", "file_data");
  const auto uri = file ? find_either(*file, "fileUri", "file_uri") : std::nullopt;
  return uri && is_kept_file(uri->string().value_or(""));
}

bool content_names_file(const canonical_value& content) {
  const auto parts = content.find("parts");
  return parts && any_of(*parts, part_names_file);
}

bool holds_tool(const canonical_value& body, std::string_view name, std::string_view other) {
  const auto tools = body.find("tools");
  return tools &&
         any_of(*tools, [&](const canonical_value& tool) { return find_either(tool, name, other).has_value(); });
}

bool is_true(const std::optional<canonical_value>& value) { return value && value->is(json_kind::yes); }

uncacheable_reason judge_effects(const canonical_value& body, const canonical_value& contents) {
  if (is_true(body.find("store")) || holds_tool(body, "mcpServers", "mcp_servers"))
    return uncacheable_reason::upstream_effect;
  const bool continues = [&] {
    const auto config = find_either(body, "generationConfig", "generation_config");
    return config && !is_null_or_absent(find_either(*config, "continuationToken", "continuation_token"));
  }();
  if (continues || !is_null_or_absent(find_either(body, "cachedContent", "cached_content")))
    return uncacheable_reason::server_state;
  if (holds_tool(body, "fileSearch", "file_search")) return uncacheable_reason::server_state;
  return refers_to_gemini_file(contents) ? uncacheable_reason::server_state : uncacheable_reason::none;
}

uncacheable_reason read_body(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  const auto target = gemini_target::read(request.path);
  if (!target) return uncacheable_reason::malformed_body;
  parsed.model = target->model;
  const keyed_query query{request.query};
  const auto form = gemini_form(query, target->verb == "streamGenerateContent");
  const auto contents = body.find("contents");
  if (!form || !contents || !(contents->is(json_kind::array) || contents->is(json_kind::object))) {
    return uncacheable_reason::malformed_body;
  }
  parsed.form = *form;
  // Usage stands in the last chunk beside the rest: none can do without it.
  parsed.wants_usage = *form == entry::wire_form::stream;
  parsed.query = last_gemini_text(*contents);
  digest(body, parsed);
  key_gemini_target(*target, query, parsed);
  return judge_effects(body, *contents);
}

}  // namespace

entry::parsed_request read_gemini_content_request(const request_view& request) {
  return read_request(request.body, [&](const canonical_value& body, entry::parsed_request& parsed) {
    return read_body(body, request, parsed);
  });
}

std::optional<canonical_value> find_either(const canonical_value& object, std::string_view name,
                                           std::string_view other) {
  const auto found = object.find(name);
  return is_null_or_absent(found) ? object.find(other) : found;
}

std::string last_gemini_text(const canonical_value& contents) {
  std::optional<canonical_value> last;
  (void)any_of(contents, [&](const canonical_value& content) {
    if (content.text("role") != "model") last = content;
    return false;
  });
  const auto parts = last ? last->find("parts") : std::nullopt;
  if (!parts) return {};
  if (const auto only = parts->find("text")) return shown_text(*only);
  return shown_text(*parts);
}

bool refers_to_gemini_file(const canonical_value& contents) { return any_of(contents, content_names_file); }

}  // namespace refrain::provider
