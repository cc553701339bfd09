#include <array>

#include "provider/families/openai.h"
#include "provider/families/openai_choices.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

constexpr std::array denylist{
    unkeyed_member{"metadata", "tags that the provider stores with a completion; the model does not see them"},
    unkeyed_member{"prompt_cache_key", "steers the provider's own prompt cache: price and latency, not content"},
    unkeyed_member{"prompt_cache_options",
                   "how the provider's own prompt cache is used: price and latency, not content"},
    unkeyed_member{"prompt_cache_retention", "how long the provider's own prompt cache lives"},
    unkeyed_member{"safety_identifier", "names the end user for abuse reports; the model does not see it"},
    unkeyed_member{"service_tier", "price and latency, not content"},
    unkeyed_member{"store", "whether the provider keeps the completion; `true` is not cached at all"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
    unkeyed_member{"stream_options", "shapes the replay, not the content"},
    unkeyed_member{"user", "names the end user; keyed where the operator sets cache.key_user"},
};

bool refers_to_state(const canonical_value& message) {
  const auto audio = message.find("audio");
  if (audio && audio->given("id")) return true;
  return any_element(message.find("content"), [](const canonical_value& part) {
    const auto file = part.find("file");
    return file && file->given("file_id");
  });
}

bool touches_server_state(const canonical_value& body, const canonical_value& messages) {
  const auto is_audio = [](const canonical_value& modality) { return modality.string() == "audio"; };
  return any_element(body.find("modalities"), is_audio) || body.given("previous_response_id") ||
         any_element(messages, refers_to_state);
}

uncacheable_reason read_chat(const canonical_value& body, entry::parsed_request& parsed) {
  read_openai_frame(body, parsed);
  read_temperature(body, openai_temperature, parsed);
  const auto messages = body.find("messages");
  const bool form_is_right = read_openai_form(body, parsed);
  if (!form_is_right || parsed.model.empty() || !messages || !messages->is(json_kind::array)) {
    return uncacheable_reason::malformed_body;
  }
  parsed.query = last_question(*messages);
  digest_members(body, denylist, parsed);
  if (body.yes("store")) return uncacheable_reason::upstream_effect;
  return touches_server_state(body, *messages) ? uncacheable_reason::server_state : uncacheable_reason::none;
}

uncacheable_reason read_completion(const canonical_value& body, entry::parsed_request& parsed) {
  read_openai_frame(body, parsed);
  read_temperature(body, openai_temperature, parsed);
  const auto prompt = body.given("prompt");
  const bool prompt_is_right = !prompt || prompt->is(json_kind::string) || prompt->is(json_kind::array);
  if (!read_openai_form(body, parsed) || parsed.model.empty() || !prompt_is_right)
    return uncacheable_reason::malformed_body;
  if (prompt) parsed.query = shown_text(*prompt);
  digest_members(body, denylist, parsed);
  return body.yes("store") ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

/// Both dialects: they differ in how a request is read, and in what a choice holds.
template <const openai_choices_shape& Shape>
constexpr dialect_rules rules_of(entry::parsed_request (*read)(const request_view&), const text_place& last_text) {
  return {
      .read = read,
      .read_answer = [](wire_form form) { return read_openai_choices(form, Shape); },
      .turn =
          [](const recorded& answer, wire_form wanted, bool wants_usage) {
            return wanted == wire_form::plain ? merge_openai_choices(answer.body, Shape)
                                              : split_openai_choices(answer.body, wants_usage, Shape);
          },
      .serves =
          [](wire_form from, bool usage_asked, wire_form wanted, bool wants_usage) {
            return from == wire_form::plain || usage_asked || (wanted == wire_form::stream && !wants_usage);
          },
      .asks_usage = true,
      .kept_headers = openai_kept_headers,
      .last_text = last_text,
  };
}

}  // namespace

std::span<const unkeyed_member> openai_chat_denylist() noexcept { return denylist; }

constinit const dialect openai_chat{rules_of<chat_shape>(
    read_json<read_chat>, {.said = "messages", .content = "content", .answered = "choices.message.content"})};

constinit const dialect openai_completions{
    rules_of<completion_shape>(read_json<read_completion>, {.said = "prompt", .answered = "choices.text"})};

}  // namespace refrain::provider
