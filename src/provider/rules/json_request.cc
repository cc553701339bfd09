#include "provider/rules/json_request.h"

#include <algorithm>

#include "base/text.h"
#include "provider/json/canonical.h"

namespace refrain::provider {
namespace {

constexpr std::size_t query_bytes = 200;

/// Many times what any endpoint knows.
constexpr std::size_t max_fields = 256;

/// More than any TTL ceiling, and far from overflow when a clock is added.
constexpr std::int64_t longest = 100LL * 365 * 24 * 3600;

std::optional<std::chrono::seconds> seconds_in(const std::optional<canonical_value>& value) {
  if (!value) return std::nullopt;
  auto count = value->integer();
  if (const auto text = value->string()) count = base::to_integer<std::int64_t>(*text);
  if (!count || *count < 0) return std::nullopt;
  return std::chrono::seconds{std::min(*count, longest)};
}

/// What LiteLLM's body member `cache` asks (its proxy's "Dynamic Cache Controls"): `ttl` and `s-maxage` in seconds as a
/// number or a string of one, `no-cache` and `no-store` as booleans, `namespace` as a string. What is none of these, or
/// of another type, is left alone: `use-cache` among them, as the operator decides here whether there is a cache.
///
/// Only an object is LiteLLM's. A `cache` of any other type belongs to the provider: it is keyed and forwarded.
entry::body_directives read_directives(const canonical_value& body) {
  entry::body_directives directives;
  const auto member = body.find("cache");
  if (!member || !member->is(json_kind::object)) return directives;
  directives.present = true;
  directives.ttl = seconds_in(member->find("ttl"));
  directives.max_age = seconds_in(member->find("s-maxage"));
  directives.no_cache = member->yes("no-cache");
  directives.no_store = member->yes("no-store");
  directives.name_space = member->text("namespace");
  return directives;
}

bool is_request_object(const canonical_value& body) {
  std::size_t count = 0;
  for (auto left = body.members(); count <= max_fields && left.next();) ++count;
  return body.is(json_kind::object) && count <= max_fields;
}

std::optional<std::string_view> text_of_part(const canonical_value& part) {
  if (const auto text = part.string()) return text;
  const auto text = part.find("text");
  return text ? text->string() : std::nullopt;
}

}  // namespace

entry::parsed_request read_request(
    const request_view& request,
    const std::function<uncacheable_reason(const canonical_value& body, entry::parsed_request& parsed)>& read) {
  entry::parsed_request parsed;
  parsed.ignored.assign(request.ignored.begin(), request.ignored.end());
  const auto value = canonicaliser::of_thread().read(request.body, &request_place);
  if (!value) {
    parsed.why_not = value.error();
  } else {
    parsed.why_not = is_request_object(*value) ? read(*value, parsed) : uncacheable_reason::malformed_body;
  }
  if (parsed.fields.size() > max_fields) {
    parsed.why_not = uncacheable_reason::malformed_body;
    parsed.fields.clear();
  }
  return parsed;
}

void read_openai_frame(const canonical_value& body, entry::parsed_request& parsed) {
  parsed.directives = read_directives(body);
  parsed.model = body.text("model");
}

bool read_openai_form(const canonical_value& body, entry::parsed_request& parsed) {
  if (const auto stream = body.given("stream")) {
    if (!stream->boolean()) return false;
    parsed.form = stream->is(json_kind::yes) ? wire_form::stream : wire_form::plain;
  }
  const auto options = body.given("stream_options");
  const auto usage = options ? options->given("include_usage") : std::nullopt;
  parsed.wants_usage = usage && usage->is(json_kind::yes) && parsed.form == wire_form::stream;
  return (!options || options->is(json_kind::object)) && (!usage || usage->boolean());
}

std::string shown_text(std::string_view text) { return base::shorten(text, query_bytes); }

std::string shown_text(const canonical_value& content) {
  if (const auto text = content.string()) return shown_text(*text);
  std::string joined;
  for (auto parts = content.elements(); const auto part = parts.next();) {
    const auto text = text_of_part(*part);
    if (!text) continue;
    if (!joined.empty()) joined.push_back(' ');
    joined.append(text->substr(0, query_bytes + 1));
    if (joined.size() > query_bytes) break;
  }
  return shown_text(joined);
}

std::string last_question(const canonical_value& messages) {
  std::optional<canonical_value> last;
  for (auto left = messages.elements(); const auto message = left.next();) {
    const auto role = message->find("role");
    if (role && role->string() == "user") last = message;
  }
  const auto content = last ? last->find("content") : std::nullopt;
  return content ? shown_text(*content) : std::string{};
}

}  // namespace refrain::provider
