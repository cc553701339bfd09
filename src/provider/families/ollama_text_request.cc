#include "provider/families/ollama_text_request.h"

#include <array>

#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;
using entry::wire_form;

constexpr std::array denylist{
    unkeyed_member{"keep_alive", "how long the model stays in the server's memory"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
};

/// What both have: a model, and lines unless they are declined. False where they are not what they should be.
bool read_frame(const canonical_value& body, entry::parsed_request& parsed) {
  parsed.model = body.text("model");
  const auto stream = body.find("stream");
  const bool lines = is_null_or_absent(stream) || stream->boolean().value_or(true);
  parsed.form = lines ? wire_form::stream : wire_form::plain;
  // The last line counts the tokens beside what ends the stream: none can do without it.
  parsed.wants_usage = lines;
  return !parsed.model.empty() && (is_null_or_absent(stream) || stream->boolean());
}

uncacheable_reason read_chat(const canonical_value& body, entry::parsed_request& parsed) {
  if (!read_frame(body, parsed)) return uncacheable_reason::malformed_body;
  const auto messages = body.find("messages");
  if (is_null_or_absent(messages)) return uncacheable_reason::upstream_effect;
  if (!messages->is(json_kind::array)) return uncacheable_reason::malformed_body;
  if (!messages->elements().next()) return uncacheable_reason::upstream_effect;
  parsed.query = last_question(*messages);
  digest_members(body, denylist, parsed);
  return uncacheable_reason::none;
}

uncacheable_reason read_prompt(const canonical_value& body, entry::parsed_request& parsed) {
  if (!read_frame(body, parsed)) return uncacheable_reason::malformed_body;
  const auto prompt = body.find("prompt");
  if (is_null_or_absent(prompt)) return uncacheable_reason::upstream_effect;
  if (!prompt->is(json_kind::string)) return uncacheable_reason::malformed_body;
  if (prompt->string()->empty()) return uncacheable_reason::upstream_effect;
  parsed.query = shown_text(*prompt);
  digest_members(body, denylist, parsed);
  return uncacheable_reason::none;
}

}  // namespace

std::span<const unkeyed_member> ollama_denylist() noexcept { return denylist; }

entry::parsed_request read_ollama_chat_request(std::string_view body) { return read_request(body, read_chat); }

entry::parsed_request read_ollama_generate_request(std::string_view body) { return read_request(body, read_prompt); }

}  // namespace refrain::provider
