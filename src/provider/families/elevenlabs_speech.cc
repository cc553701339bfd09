#include "provider/families/elevenlabs_speech.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/base64.h"
#include "base/text.h"
#include "provider/json/canonical.h"
#include "provider/json/decimal.h"
#include "provider/json/json_tree.h"
#include "provider/rules/audio_container.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_lines.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_query.h"
#include "provider/rules/speech.h"
#include "provider/rules/stream_merge.h"

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

/// Speech with the times of its characters ("Create speech with timing", "Stream speech with timing") is a JSON object,
/// or such an object a line. An alignment holds lists of `characters` and their start and end times, in seconds from
/// the clip's beginning; it may be null.
constexpr std::string_view audio_member = "audio_base64";
constexpr std::array<std::string_view, 2> alignments{"alignment", "normalized_alignment"};
constexpr std::string_view start_times = "character_start_times_seconds";

class timed_judge final : public answer_judge {
 public:
  /// A line holds a piece of the audio, an answer that is one object all of it.
  explicit timed_judge(wire_form form) : is_whole_(form == wire_form::timed) {}

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& object) override {
    if (object.find("detail")) return uncacheable_reason::error_event;
    const auto audio = audio_in(object, audio_member);
    if (!audio) return uncacheable_reason::malformed_answer;
    for (const auto name : alignments) {
      const auto alignment = object.given(name);
      if (alignment && !alignment->is(json_kind::object)) return uncacheable_reason::malformed_answer;
    }
    has_content_ = has_content_ || !audio->empty();
    return is_whole_ && has_content_ ? judge_audio(*audio).why_not : uncacheable_reason::none;
  }

  bool is_whole_;
};

/// Whether the next line's times go on where those before it end.
bool goes_on(const json_tree& before, const json_tree& next) {
  const auto* const known = before.find(start_times);
  const auto* const more = next.find(start_times);
  if (known == nullptr || more == nullptr || known->elements.empty() || more->elements.empty()) return true;
  const auto last = number_of(known->elements.back().text);
  const auto first = number_of(more->elements.front().text);
  return last && first && *last <= *first;
}

/// Appends each list of an alignment to the one of its name. Null adds nothing.
bool append_alignment(json_tree& joined, json_tree&& next) {
  if (next.is_null()) return true;
  if (joined.is_null()) {
    joined = std::move(next);
    return true;
  }
  if (!joined.is(json_tree::kind::object) || !next.is(json_tree::kind::object) || !goes_on(joined, next)) return false;
  for (auto& [name, list] : next.members) {
    auto* const known = joined.find(name, json_tree::kind::array);
    if (known == nullptr || !list.is(json_tree::kind::array)) return false;
    std::ranges::move(list.elements, std::back_inserter(known->elements));
  }
  return true;
}

constexpr std::array line_members{
    merge_rule{.member = audio_member, .action = merging::drop},
    merge_rule{.member = alignments[0], .action = merging::special, .merge = append_alignment},
    merge_rule{.member = alignments[1], .action = merging::special, .merge = append_alignment},
};

/// Appends the audio that an object holds. False where it holds none.
bool append_audio(std::string& audio, std::string_view object) {
  const auto read = canonicaliser::of_thread().read(object);
  const auto piece = read ? audio_in(*read, audio_member) : std::nullopt;
  if (piece) audio.append(*piece);
  return piece.has_value();
}

std::optional<std::string> audio_of_lines(std::string_view lines) {
  std::string audio;
  const bool whole = all_lines(lines, [&](std::string_view line) { return append_audio(audio, line); });
  return whole ? std::optional{std::move(audio)} : std::nullopt;
}

std::unique_ptr<answer_reader> read_answer(wire_form form) {
  if (form == wire_form::plain) return read_audio_answer();
  auto judge = std::make_unique<timed_judge>(form);
  if (form == wire_form::timed) return read_json_answer(std::move(judge));
  return read_with_audio(read_json_lines(std::move(judge)), audio_of_lines);
}

/// The audio of a whole answer.
base::result<std::string> audio_of(wire_form form, std::string_view answer) {
  std::optional<std::string> audio;
  if (form == wire_form::timed_stream) {
    audio = audio_of_lines(answer);
  } else if (!append_audio(audio.emplace(), answer)) {
    audio.reset();
  }
  if (!audio || judge_audio(*audio).why_not != uncacheable_reason::none)
    return cannot_turn("this answer holds no whole audio");
  return *std::move(audio);
}

/// One object of all lines: their audio joined, their alignments appended. Where times run backwards from one line to
/// the next they are not counted from the clip's beginning, and cannot be.
base::result<std::string> join_lines(std::string_view lines) {
  std::string audio;
  auto joined = json_tree::object({{std::string{audio_member}, json_tree{}}});
  const bool whole = all_lines(lines, [&](std::string_view line) {
    if (!append_audio(audio, line)) return false;
    auto object = json_tree::parse(line);
    return object && merge_members(joined, *std::move(object), {.members = line_members});
  });
  if (!whole || judge_audio(audio).why_not != uncacheable_reason::none)
    return cannot_turn("its lines do not go together, or hold no audio");
  joined[audio_member] = json_tree::string(base::base64_encode(audio));
  return joined.to_json();
}

/// An object as a stream of one line.
base::result<std::string> line_of(std::string_view object) {
  const auto tree = json_tree::parse(object);
  if (!tree || tree->find(audio_member) == nullptr) return cannot_turn("this answer holds no audio");
  return tree->to_json() + '\n';
}

base::result<std::string> turn(const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
  if (answer.form == wire_form::plain) return cannot_turn("audio does not tell the times of its characters");
  if (wanted == wire_form::plain) return audio_of(answer.form, answer.body);
  if (answer.form == wire_form::timed_stream) return join_lines(answer.body);
  return line_of(answer.body);
}

}  // namespace

constinit const dialect elevenlabs_speech{{
    .read = read_json<read_body>,
    .read_answer = read_answer,
    .turn = turn,
    .serves = [](wire_form from, bool, wire_form wanted, bool) { return from == wanted || from != wire_form::plain; },
    .is_audio = true,
    .stream_type = "application/json",
    .kept_headers = headers_to_keep,
}};

}  // namespace refrain::provider
