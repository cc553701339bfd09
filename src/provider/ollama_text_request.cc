#include "provider/ollama_text_request.h"

#include <array>

#include "provider/openai_request.h"

namespace refrain::provider {
namespace {

using entry::refusal;
using entry::wire_form;

constexpr std::array denylist{
    unkeyed_member{"keep_alive", "how long the model stays in the server's memory"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
};

/// What both have: a model, and lines unless they are declined. False where they are not what they should be.
bool read_frame(const canonical_value& body, entry::facts& known) {
  known.model = body.text("model");
  const auto stream = body.find("stream");
  const bool lines = is_null_or_absent(stream) || stream->boolean().value_or(true);
  known.form = lines ? wire_form::stream : wire_form::plain;
  // The last line counts the tokens beside what ends the stream: none can do without it.
  known.wants_usage = lines;
  return !known.model.empty() && (is_null_or_absent(stream) || stream->boolean());
}

refusal read_chat(const canonical_value& body, entry::facts& known) {
  if (!read_frame(body, known)) return refusal::malformed_body;
  const auto messages = body.find("messages");
  if (is_null_or_absent(messages)) return refusal::upstream_effect;
  if (!messages->is(json_kind::array)) return refusal::malformed_body;
  if (!messages->elements().next()) return refusal::upstream_effect;
  known.query = last_question(*messages);
  digest_members(body, denylist, known);
  return refusal::none;
}

refusal read_prompt(const canonical_value& body, entry::facts& known) {
  if (!read_frame(body, known)) return refusal::malformed_body;
  const auto prompt = body.find("prompt");
  if (is_null_or_absent(prompt)) return refusal::upstream_effect;
  if (!prompt->is(json_kind::string)) return refusal::malformed_body;
  if (prompt->string()->empty()) return refusal::upstream_effect;
  known.query = shown_text(*prompt);
  digest_members(body, denylist, known);
  return refusal::none;
}

}  // namespace

std::span<const unkeyed_member> ollama_denylist() noexcept { return denylist; }

entry::facts read_ollama_chat_request(std::string_view body) { return read_request(body, read_chat); }

entry::facts read_ollama_generate_request(std::string_view body) { return read_request(body, read_prompt); }

}  // namespace refrain::provider
