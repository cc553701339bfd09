#include "provider/families/gemini_request.h"

#include <array>

#include "provider/rules/json_request.h"
#include "provider/rules/keyed_query.h"

namespace refrain::provider {
namespace {

constexpr std::string_view collection = "/models/";

constexpr std::array unkeyed_parameters{
    unkeyed_member{"access_token", "a credential: the tenant is keyed in its place"},
    unkeyed_member{"alt", "the form on the wire: one entry serves all"},
    unkeyed_member{"key", "a credential: the tenant is keyed in its place"},
};

/// The form that the query asks for.
std::optional<wire_form> form_of(const keyed_query& query, bool streams) noexcept {
  // `$alt` is its other name, which Google's own libraries use for encodings of their own.
  if (query.has("$alt") || query.has("%24alt")) return std::nullopt;
  const auto alt = query.value_or("alt", "json");
  if (alt == "json") return streams ? wire_form::array : wire_form::plain;
  if (alt == "sse" && streams) return wire_form::stream;
  return std::nullopt;
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
  return any_of_gemini(content.find("parts"), part_names_file);
}

}  // namespace

std::optional<gemini_target> gemini_target::read(std::string_view path) noexcept {
  const auto at = path.find(collection);
  if (at == std::string_view::npos) return std::nullopt;
  const auto resource = path.substr(at + collection.size());
  const auto colon = resource.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == resource.size()) return std::nullopt;
  return gemini_target{
      .version = path.substr(0, at), .model = resource.substr(0, colon), .verb = resource.substr(colon + 1)};
}

std::optional<gemini_target> read_gemini_target(const request_view& request, entry::parsed_request& parsed) {
  const auto target = gemini_target::read(request.path);
  if (!target) return std::nullopt;
  parsed.model = target->model;
  const auto form = form_of(keyed_query{request.query}, target->verb.starts_with("stream"));
  if (!form) return std::nullopt;
  parsed.form = *form;
  return target;
}

void key_gemini_target(const gemini_target& target, std::string_view query, entry::parsed_request& parsed) {
  parsed.target_in_content = true;
  digest_also("model", target.model, parsed);
  digest_also("version", target.version, parsed);
  keyed_query{query}.add_to(parsed, unkeyed_parameters, {});
}

std::optional<canonical_value> find_either(const canonical_value& object, std::string_view name,
                                           std::string_view other) {
  const auto found = object.given(name);
  return found ? found : object.find(other);
}

std::optional<canonical_value> given_either(const canonical_value& object, std::string_view name,
                                            std::string_view other) {
  const auto found = object.given(name);
  return found ? found : object.given(other);
}

std::string last_gemini_text(const canonical_value& contents) {
  std::optional<canonical_value> last;
  (void)any_of_gemini(contents, [&](const canonical_value& content) {
    if (content.text("role") != "model") last = content;
    return false;
  });
  const auto parts = last ? last->find("parts") : std::nullopt;
  if (!parts) return {};
  const auto only = parts->find("text");
  return shown_text(only ? *only : *parts);
}

bool refers_to_gemini_file(const canonical_value& contents) { return any_of_gemini(contents, content_names_file); }

}  // namespace refrain::provider
