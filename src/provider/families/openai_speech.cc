#include <array>

#include "provider/families/openai.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_request.h"
#include "provider/rules/speech.h"

namespace refrain::provider {
namespace {

constexpr std::array denylist{
    unkeyed_member{"stream_format", "the form on the wire: one entry serves both"},
};

/// What the reference says holds where a member is absent: SDKs that state it share with those that do not.
constexpr std::array defaults{
    stated_default{"response_format", json_kind::string, "mp3"},
    stated_default{"speed", json_kind::number, "1e0"},
    stated_default{"instructions", json_kind::string, ""},
};

/// A voice has a name, or is the caller's own and has an id.
std::string_view voice_in(const canonical_value& body) {
  const auto voice = body.find("voice");
  return voice && voice->is(json_kind::object) ? voice->text("id") : body.text("voice");
}

uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  const auto input = body.text("input");
  const auto voice = voice_in(body);
  const auto codec = body.text("response_format", "mp3");
  const auto form = body.text("stream_format", "audio");
  read_openai_frame(body, parsed);
  if (input.empty() || voice.empty() || codec.empty() || (form != "audio" && form != "sse")) {
    return uncacheable_reason::malformed_body;
  }
  parsed.form = form == "sse" ? wire_form::stream : wire_form::plain;
  parsed.wants_usage = parsed.form == wire_form::stream;
  describe_speech({.provider = "openai", .voice = voice, .codec = codec, .model = parsed.model, .text = input}, parsed);
  digest_members(body, denylist, parsed, defaults);
  return uncacheable_reason::none;
}

constexpr audio_events events{.piece = "speech.audio.delta", .end = "speech.audio.done", .member = "audio"};

std::unique_ptr<answer_reader> read_answer(wire_form form) {
  return form == wire_form::plain ? read_audio_answer() : read_audio_events(events);
}

base::result<std::string> turn(const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
  if (wanted != wire_form::plain) return cannot_turn("audio does not turn into events");
  return join_audio_events(answer.body, events);
}

}  // namespace

constinit const dialect openai_speech{{
    .read = read_json<read_body>,
    .read_answer = read_answer,
    .turn = turn,
    .serves = [](wire_form from, bool, wire_form wanted, bool) { return from == wanted || wanted == wire_form::plain; },
    .is_audio = true,
    .kept_headers = openai_kept_headers,
}};

}  // namespace refrain::provider
