#include "provider/families/anthropic_messages_request.h"

#include <array>
#include <utility>

#include "base/digest.h"
#include "provider/families/anthropic_messages_effects.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

/// `cache_control` is not here: it changes what is billed, but also the counts in the answer's usage. Nor are `speed`
/// and `inference_geo`: who names them wants his answer made that way.
constexpr std::array denylist{
    unkeyed_member{"cache", "LiteLLM's directives to the cache itself; keyed all the same where it is no object"},
    unkeyed_member{"metadata", "names the end user for abuse reports; keyed where the operator sets cache.key_user"},
    unkeyed_member{"service_tier", "price and latency, not content"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
};
static_assert(denylist.front().name == "cache");

/// The results of tools are messages of the user's too, mostly without a text: passed over.
std::string last_words(const canonical_value& messages) {
  std::string last;
  for (auto left = messages.elements(); const auto message = left.next();) {
    const auto content = message->find("content");
    if (!content || message->text("role") != "user") continue;
    if (auto text = shown_text(*content); !text.empty()) last = std::move(text);
  }
  return last;
}

/// What both endpoints have in common.
uncacheable_reason read_conversation(const canonical_value& body, std::span<const unkeyed_member> unkeyed,
                                     entry::parsed_request& parsed) {
  read_openai_frame(body, parsed);
  const auto messages = body.find("messages");
  if (parsed.model.empty() || !messages || !messages->is(json_kind::array)) return uncacheable_reason::malformed_body;
  parsed.query = last_words(*messages);
  digest_openai_members(body, unkeyed, parsed);
  return anthropic_effect_of(body);
}

/// False where `stream` is not what it should be.
bool read_form(const canonical_value& body, entry::parsed_request& parsed) {
  const auto stream = body.find("stream");
  if (is_null_or_absent(stream)) return true;
  const auto wanted = stream->boolean();
  if (wanted == true) parsed.form = entry::wire_form::stream;
  parsed.wants_usage = wanted == true;
  return wanted.has_value();
}

void read_end_user(const canonical_value& body, entry::parsed_request& parsed) {
  const auto metadata = body.find("metadata");
  const auto user = metadata ? metadata->find("user_id") : std::nullopt;
  if (!is_null_or_absent(user)) parsed.user = base::sha256(user->bytes());
}

uncacheable_reason read_messages(const canonical_value& body, entry::parsed_request& parsed) {
  if (!read_form(body, parsed)) return uncacheable_reason::malformed_body;
  const auto why = read_conversation(body, denylist, parsed);
  read_end_user(body, parsed);
  return why;
}

uncacheable_reason read_count(const canonical_value& body, entry::parsed_request& parsed) {
  return read_conversation(body, std::span{denylist}.first<1>(), parsed);
}

}  // namespace

std::span<const unkeyed_member> anthropic_messages_denylist() noexcept { return denylist; }

entry::parsed_request read_anthropic_messages_request(std::string_view body) {
  return read_request(body, read_messages);
}

entry::parsed_request read_anthropic_count_request(std::string_view body) { return read_request(body, read_count); }

}  // namespace refrain::provider
