#include "provider/families/openai_chat_request.h"

#include <array>

#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::array denylist{
    unkeyed_member{"cache", "LiteLLM's directives to the cache itself; keyed all the same where it is no object"},
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

static_assert(denylist.front().name == "cache");

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
uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  read_openai_frame(body, parsed);
  const auto messages = body.find("messages");
  const bool form_is_right = read_openai_form(body, parsed);
  if (!form_is_right || parsed.model.empty() || !messages || !messages->is(json_kind::array)) {
    return uncacheable_reason::malformed_body;
  }
  parsed.query = last_question(*messages);
  digest_openai_members(body, denylist, parsed);
  if (const auto store = body.find("store"); store && store->is(json_kind::yes))
    return uncacheable_reason::upstream_effect;
  return touches_server_state(body, *messages) ? uncacheable_reason::server_state : uncacheable_reason::none;
}

}  // namespace

std::span<const unkeyed_member> openai_chat_denylist() noexcept { return denylist; }

entry::parsed_request read_openai_chat_request(std::string_view body) { return read_request(body, read_body); }

}  // namespace refrain::provider
