#include "provider/families/cartesia_speech.h"

#include <array>
#include <span>
#include <string>

#include "provider/json/canonical.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_query.h"
#include "provider/rules/speech.h"

namespace refrain::provider {
namespace {

/// Each event of a stream repeats its `context_id`, so that a stream's is keyed, as another's would not be known to the
/// client. Audio has none.
constexpr std::array denylist{
    unkeyed_member{"add_timestamps", "the form on the wire: one entry serves both"},
    unkeyed_member{"context_id", "names the request to the client; of audio alone, which does not repeat it"},
};
constexpr std::span denylist_of_events = std::span{denylist}.first(1);

/// What the reference says holds where a member is absent.
constexpr std::array defaults{
    stated_default{"add_phoneme_timestamps", json_kind::no},
    stated_default{"normalization", json_kind::string, "auto"},
    stated_default{"save", json_kind::no},
    stated_default{"speed", json_kind::string, "normal"},
    stated_default{"use_normalized_timestamps", json_kind::no},
};

/// The version of the API: a date, by which its answers differ.
constexpr std::array<std::string_view, 1> version_header{"cartesia-version"};
constexpr std::array<std::string_view, 1> headers_to_keep{"x-request-id"};

/// A voice is an id, or an object with one. One that is given by other means is known by its digest.
std::string voice_in(const canonical_value& body) {
  const auto voice = body.find("voice");
  if (!voice) return {};
  if (const auto id = voice->string()) return std::string(*id);
  if (!voice->is(json_kind::object)) return {};
  const auto id = voice->text("id");
  return id.empty() ? base::sha256(voice->bytes()).hex().substr(0, 16) : std::string(id);
}

uncacheable_reason read_body(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  const bool in_events = request.path.ends_with("/sse");
  const auto format = body.find("output_format");
  const auto container = format ? format->text("container") : std::string_view{};
  const auto text = body.text("transcript");
  const auto voice = voice_in(body);
  // Events carry raw audio; another container in them is not understood.
  if (text.empty() || voice.empty() || container.empty() || (in_events && container != "raw")) {
    return uncacheable_reason::malformed_body;
  }
  if (in_events) parsed.form = body.yes("add_timestamps") ? wire_form::timed_stream : wire_form::stream;
  parsed.wants_usage = in_events;
  describe_speech({.provider = "cartesia",
                   .voice = voice,
                   .codec = container == "raw" ? format->text("encoding") : container,
                   .model = body.text("model_id"),
                   .text = text},
                  parsed);
  parsed.target_in_content = true;
  digest_members(body, in_events ? denylist_of_events : std::span{denylist}, parsed, defaults);
  keyed_query{request.query}.add_to(parsed, {}, {});
  // The provider keeps the file, and the answer names it.
  return body.yes("save") ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

/// `timestamps` and `phoneme_timestamps` may come between them.
constexpr audio_events events{.piece = "chunk", .end = "done", .member = "data"};

std::unique_ptr<answer_reader> read_answer(wire_form form) {
  return form == wire_form::plain ? read_audio_answer() : read_audio_events(events);
}

/// A whole stream without its events of type `timestamps`, the others to the letter.
base::result<std::string> without_timestamps(std::string_view stream) {
  std::string kept;
  bool ended = false;
  const bool whole = all_events(stream, [&](const base::sse_event& event) {
    const auto object = canonicaliser::of_thread().read(event.data);
    const auto type = object ? object->text("type") : std::string_view{};
    ended = ended || type == "done";
    if (type != "timestamps") kept.append(stream.substr(event.offset, event.length));
    return object.has_value();
  });
  if (!whole || !ended) return cannot_turn("its stream is not whole");
  return kept;
}

bool serves(wire_form from, bool /*usage_asked*/, wire_form wanted, bool /*wants_usage*/) {
  return from == wanted || from == wire_form::timed_stream || (from == wire_form::stream && wanted == wire_form::plain);
}

base::result<std::string> turn(const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
  if (!serves(answer.form, true, wanted, true)) return cannot_turn("it does not tell the times of its words");
  return wanted == wire_form::plain ? join_audio_events(answer.body, events) : without_timestamps(answer.body);
}

}  // namespace

constinit const dialect cartesia_speech{{
    .read = read_json<read_body>,
    .read_answer = read_answer,
    .turn = turn,
    .serves = serves,
    .is_audio = true,
    .stream_type = "text/event-stream",
    .kept_headers = headers_to_keep,
    .key_headers = version_header,
}};

}  // namespace refrain::provider
