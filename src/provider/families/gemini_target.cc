#include "provider/families/gemini_target.h"

#include <array>

#include "provider/rules/keyed_members.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

constexpr std::string_view collection = "/models/";

constexpr std::array unkeyed_parameters{
    unkeyed_member{"access_token", "a credential: the tenant is keyed in its place"},
    unkeyed_member{"alt", "the form on the wire: one entry serves all"},
    unkeyed_member{"key", "a credential: the tenant is keyed in its place"},
};

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

std::optional<wire_form> gemini_form(const keyed_query& query, bool streams) noexcept {
  // `$alt` is its other name, which Google's own libraries use for encodings of their own.
  if (query.has("$alt") || query.has("%24alt")) return std::nullopt;
  const auto alt = query.value_or("alt", "json");
  if (alt == "json") return streams ? wire_form::array : wire_form::plain;
  if (alt == "sse" && streams) return wire_form::stream;
  return std::nullopt;
}

void key_gemini_target(const gemini_target& target, const keyed_query& query, entry::parsed_request& parsed) {
  parsed.target_in_content = true;
  digest_also("model", target.model, parsed);
  digest_also("version", target.version, parsed);
  query.add_to(parsed, unkeyed_parameters, {});
}

}  // namespace refrain::provider
