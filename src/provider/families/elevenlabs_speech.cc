#include "provider/families/elevenlabs_speech.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.h"
#include "provider/families/elevenlabs_timed.h"
#include "provider/rules/audio_answer.h"
#include "provider/rules/endpoint.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_query.h"
#include "provider/rules/speech_request.h"

namespace refrain::provider {
namespace {

/// What the reference says holds where it is absent: SDKs that state it share with those that do not. Latency level 0
/// is "no optimisation", but absent it is the model's own: keyed. `enable_logging=false` makes the request id that an
/// entry keeps one that no later request may name: keyed.
constexpr std::array query_defaults{
    stated_parameter{"enable_logging", "true"},
    stated_parameter{"output_format", "mp3_44100_128"},
};
constexpr std::array body_defaults{
    stated_default{"apply_language_text_normalization", json_kind::no},
    stated_default{"apply_text_normalization", json_kind::string, "auto"},
    stated_default{"use_pvc_as_ivc", json_kind::no},
};

/// Members that name earlier and later requests of an account, which the provider keeps for a time.
constexpr std::array<std::string_view, 2> stitching{"next_request_ids", "previous_request_ids"};

/// A hit's request id leads the provider's support, and requests that are stitched to it, to the call that made the
/// audio. `character-cost` would tell of a bill that the hit did not cause, `history-item-id` and the counts of
/// concurrent requests of an account: not kept.
constexpr std::array<std::string_view, 1> headers_to_keep{"request-id"};

struct target {
  std::string_view voice;  ///< as it stands in the path
  wire_form form = wire_form::plain;
};

struct form_row {
  std::string_view rest;
  wire_form form;
};
constexpr std::array forms{
    form_row{"", wire_form::plain},
    form_row{"/stream", wire_form::plain},
    form_row{"/with-timestamps", wire_form::timed},
    form_row{"/stream/with-timestamps", wire_form::timed_stream},
};

std::optional<target> read_path(std::string_view path) {
  constexpr std::string_view before = "/text-to-speech/";
  const auto at = path.find(before);
  if (at == std::string_view::npos) return std::nullopt;
  path.remove_prefix(at + before.size());
  const auto voice = path.substr(0, path.find('/'));
  const auto* const row = std::ranges::find(forms, path.substr(voice.size()), &form_row::rest);
  if (voice.empty() || row == forms.end()) return std::nullopt;
  return target{.voice = voice, .form = row->form};
}

bool is_stitched(const canonical_value& body) {
  return std::ranges::any_of(stitching, [&](std::string_view name) {
    const auto ids = body.find(name);
    return ids && ids->holds_something();
  });
}

uncacheable_reason read_body(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  const auto to = read_path(request.path);
  const auto text = body.text("text");
  if (!to || text.empty()) return uncacheable_reason::malformed_body;
  const keyed_query query{request.query};
  const auto format = query.value_or("output_format", "mp3_44100_128");
  const auto voice = base::normalise_escapes(to->voice);
  parsed.form = to->form;
  describe_speech({.provider = "elevenlabs",
                   .voice = base::percent_decode(voice).value_or(voice),
                   .codec = format.substr(0, format.find('_')),
                   .model = body.text("model_id"),
                   .text = text},
                  parsed);
  parsed.target_in_content = true;
  digest_members(body, {}, parsed, body_defaults);
  digest_also("voice_id", voice, parsed);
  query.add_to(parsed, {}, query_defaults);
  return is_stitched(body) ? uncacheable_reason::server_state : uncacheable_reason::none;
}

std::unique_ptr<answer_reader> read_answer(wire_form form) {
  return form == wire_form::plain ? read_audio_answer() : read_elevenlabs_timed(form);
}

base::result<std::string> turn(const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
  if (answer.form == wire_form::plain) return cannot_turn("audio does not tell the times of its characters");
  if (wanted == wire_form::plain) return audio_of_elevenlabs_timed(answer.form, answer.body);
  if (answer.form == wire_form::timed_stream) return join_elevenlabs_lines(answer.body);
  return elevenlabs_line_of(answer.body);
}

}  // namespace

constinit const endpoint elevenlabs_speech{{
    .read = read_json<read_body>,
    .read_answer = read_answer,
    .turn = turn,
    .serves = [](wire_form from, bool, wire_form wanted, bool) { return from == wanted || from != wire_form::plain; },
    .is_audio = true,
    .stream_type = "application/json",
    .kept_headers = headers_to_keep,
}};

}  // namespace refrain::provider
