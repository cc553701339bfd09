#include "provider/openai_chat_request.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "provider/canonical.h"
#include "provider/litellm_wishes.h"

namespace refrain::provider {
namespace {

using entry::refusal;

constexpr std::array denylist{
    unkeyed_member{"cache", "LiteLLM's wishes to the cache itself; keyed all the same where it is no object"},
    unkeyed_member{"metadata", "tags that the provider stores with a completion; the model does not see them"},
    unkeyed_member{"prompt_cache_key", "steers the provider's own prompt cache: price and latency, not content"},
    unkeyed_member{"prompt_cache_retention", "how long the provider's own prompt cache lives"},
    unkeyed_member{"safety_identifier", "names the end user for abuse reports; the model does not see it"},
    unkeyed_member{"service_tier", "price and latency, not content"},
    unkeyed_member{"store", "whether the provider keeps the completion; `true` is not cached at all"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
    unkeyed_member{"stream_options", "shapes the replay, not the content"},
    unkeyed_member{"user", "names the end user; keyed where the operator sets cache.key_user"},
};

/// The same but `cache`, for a body whose member of that name is the provider's.
constexpr std::span denylist_with_foreign_cache = std::span{denylist}.subspan(1);
static_assert(denylist.front().name == "cache");

constexpr std::size_t query_bytes = 200;

/// Many times what the endpoint knows: each has its digest in the entry, so there is a bound.
constexpr std::size_t max_members = 256;

bool has_too_many_members(const canonical_value& body) {
  std::size_t count = 0;
  for (auto left = body.members(); count <= max_members && left.next();) ++count;
  return count > max_members;
}

bool is_null_or_absent(const std::optional<canonical_value>& value) { return !value || value->is(json_kind::null); }

/// `stream` and `stream_options`: false where they are not what they should be.
bool read_form(const canonical_value& body, entry::facts& known) {
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

/// A message's content is a string or a list of parts, of which some have a text.
std::string text_of(const canonical_value& content) {
  if (const auto text = content.string()) return base::shorten(*text, query_bytes);
  std::string joined;
  for (auto parts = content.elements(); const auto part = parts.next();) {
    const auto text = part->find("text");
    if (!text || !text->string()) continue;
    if (!joined.empty()) joined.push_back(' ');
    joined.append(text->string()->substr(0, query_bytes + 1));
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
  return content ? text_of(*content) : std::string{};
}

bool part_refers_to_state(const canonical_value& part) {
  const auto file = part.find("file");
  return file && !is_null_or_absent(file->find("file_id"));
}

bool message_refers_to_state(const canonical_value& message) {
  const auto audio = message.find("audio");
  if (audio && !is_null_or_absent(audio->find("id"))) return true;
  const auto content = message.find("content");
  if (!content) return false;
  for (auto parts = content->elements(); const auto part = parts.next();) {
    if (part_refers_to_state(*part)) return true;
  }
  return false;
}

bool asks_for_audio(const canonical_value& body) {
  const auto modalities = body.find("modalities");
  if (!modalities) return false;
  for (auto left = modalities->elements(); const auto one = left.next();) {
    if (one->string() == "audio") return true;
  }
  return false;
}

bool touches_server_state(const canonical_value& body, const canonical_value& messages) {
  if (asks_for_audio(body) || !is_null_or_absent(body.find("previous_response_id"))) return true;
  for (auto left = messages.elements(); const auto message = left.next();) {
    if (message_refers_to_state(*message)) return true;
  }
  return false;
}

/// Reads all that can be read, and says what stands against caching it.
refusal read_body(const canonical_value& body, entry::facts& known) {
  if (!body.is(json_kind::object) || has_too_many_members(body)) return refusal::malformed_body;
  known.wishes = read_litellm_wishes(body);
  const auto model = body.find("model");
  const auto messages = body.find("messages");
  if (model) known.model = model->string().value_or("");
  const bool form_is_right = read_form(body, known);
  if (!form_is_right || known.model.empty() || !messages || !messages->is(json_kind::array)) {
    return refusal::malformed_body;
  }
  known.query = last_question(*messages);
  const bool foreign_cache = !known.wishes.present;
  digest_members(body, foreign_cache ? denylist_with_foreign_cache : std::span{denylist}, known);
  if (const auto store = body.find("store"); store && store->is(json_kind::yes)) return refusal::upstream_effect;
  return touches_server_state(body, *messages) ? refusal::server_state : refusal::none;
}

}  // namespace

std::span<const unkeyed_member> openai_chat_denylist() noexcept { return denylist; }

entry::facts read_openai_chat_request(std::string_view body) {
  entry::facts known;
  if (const auto value = canonicaliser::of_thread().read(body)) {
    known.why_not = read_body(*value, known);
  } else {
    known.why_not = value.error();
  }
  return known;
}

}  // namespace refrain::provider
