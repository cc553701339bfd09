#include "provider/openai_request.h"

#include "base/text.h"
#include "provider/canonical.h"
#include "provider/litellm_wishes.h"

namespace refrain::provider {
namespace {

using entry::refusal;

constexpr std::size_t query_bytes = 200;

/// Many times what any endpoint knows.
constexpr std::size_t max_fields = 256;

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

entry::facts read_request(std::string_view body,
                          const std::function<refusal(const canonical_value& body, entry::facts& known)>& read) {
  entry::facts known;
  const auto value = canonicaliser::of_thread().read(body);
  if (!value) {
    known.why_not = value.error();
  } else {
    known.why_not = is_request_object(*value) ? read(*value, known) : refusal::malformed_body;
  }
  if (known.fields.size() > max_fields) {
    known.why_not = refusal::malformed_body;
    known.fields.clear();
  }
  return known;
}

void read_openai_frame(const canonical_value& body, entry::facts& known) {
  known.wishes = read_litellm_wishes(body);
  known.model = body.text("model");
}

bool read_openai_form(const canonical_value& body, entry::facts& known) {
  if (const auto stream = body.find("stream"); !is_null_or_absent(stream)) {
    const auto wanted = stream->boolean();
    if (!wanted) return false;
    known.form = *wanted ? entry::wire_form::stream : entry::wire_form::plain;
  }
  const auto options = body.find("stream_options");
  if (is_null_or_absent(options)) return true;
  if (!options->is(json_kind::object)) return false;
  const auto usage = options->find("include_usage");
  if (is_null_or_absent(usage)) return true;
  known.wants_usage = usage->boolean().value_or(false) && known.form == entry::wire_form::stream;
  return usage->boolean().has_value();
}

void digest_openai_members(const canonical_value& body, std::span<const unkeyed_member> denylist, entry::facts& known,
                           std::span<const stated_default> defaults) {
  digest_members(body, known.wishes.present ? denylist : denylist.subspan(1), known, defaults);
}

bool is_null_or_absent(const std::optional<canonical_value>& value) { return !value || value->is(json_kind::null); }

std::string shown_text(const canonical_value& content) {
  if (const auto text = content.string()) return base::shorten(*text, query_bytes);
  std::string joined;
  for (auto parts = content.elements(); const auto part = parts.next();) {
    const auto text = text_of_part(*part);
    if (!text) continue;
    if (!joined.empty()) joined.push_back(' ');
    joined.append(text->substr(0, query_bytes + 1));
    if (joined.size() > query_bytes) break;
  }
  return base::shorten(joined, query_bytes);
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
