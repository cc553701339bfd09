#include <array>
#include <utility>

#include "provider/families/anthropic.h"
#include "provider/families/anthropic_answer.h"
#include "provider/families/anthropic_effects.h"
#include "provider/rules/endpoint.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

/// A hit's request id leads the provider's support to the call that made the answer. Rate limits and the organization
/// are of an account: not kept.
constexpr std::array<std::string_view, 1> headers_to_keep{"request-id"};

/// `cache_control` is not here: it changes what is billed, but also the counts in the answer's usage. Nor are `speed`
/// and `inference_geo`: who names them wants his answer made that way.
constexpr std::array denylist{
    unkeyed_member{"metadata", "names the end user for abuse reports; keyed where the operator sets cache.key_user"},
    unkeyed_member{"service_tier", "price and latency, not content"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
};

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
  digest_members(body, unkeyed, parsed);
  return anthropic_effect_of(body);
}

/// False where `stream` is not what it should be.
bool read_form(const canonical_value& body, entry::parsed_request& parsed) {
  const auto stream = body.given("stream");
  if (!stream) return true;
  const auto wanted = stream->boolean();
  if (wanted == true) parsed.form = wire_form::stream;
  parsed.wants_usage = wanted == true;
  return wanted.has_value();
}

void read_end_user(const canonical_value& body, entry::parsed_request& parsed) {
  const auto metadata = body.find("metadata");
  const auto user = metadata ? metadata->given("user_id") : std::nullopt;
  if (user) parsed.user = base::sha256(user->bytes());
}

uncacheable_reason read_messages(const canonical_value& body, entry::parsed_request& parsed) {
  if (!read_form(body, parsed)) return uncacheable_reason::malformed_body;
  const auto why = read_conversation(body, denylist, parsed);
  read_end_user(body, parsed);
  return why;
}

uncacheable_reason read_count(const canonical_value& body, entry::parsed_request& parsed) {
  return read_conversation(body, {}, parsed);
}

/// Events may say things of a message that spoil it, such as a `content` that is none: nothing is served that would not
/// have been stored.
base::result<std::string> turn(const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
  auto body = wanted == wire_form::plain ? merge_anthropic_stream(answer.body) : split_anthropic_message(answer.body);
  if (body && !is_good_answer(anthropic_messages, wanted, *body)) return cannot_turn("what it becomes is no answer");
  return body;
}

uncacheable_reason judge_count(const canonical_value& answer, entry::token_usage& used) {
  used = {.input = 0, .cached_input = {}, .output = 0};
  return answer.count("input_tokens") ? uncacheable_reason::none : uncacheable_reason::malformed_answer;
}

}  // namespace

std::span<const unkeyed_member> anthropic_messages_denylist() noexcept { return denylist; }

constinit const endpoint anthropic_messages{{
    .read = read_json<read_messages>,
    .read_answer = read_anthropic_answer,
    .turn = turn,
    .kept_headers = headers_to_keep,
    .last_text = {.said = "messages", .content = "content"},
}};

constinit const endpoint anthropic_count_tokens{{
    .read = read_json<read_count>,
    .judge = judge_count,
    .kept_headers = headers_to_keep,
}};

}  // namespace refrain::provider
