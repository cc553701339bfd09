#include "provider/families/elevenlabs_timed.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "provider/json/canonical.h"
#include "provider/json/decimal.h"
#include "provider/json/json_tree.h"
#include "provider/rules/audio_answer.h"
#include "provider/rules/endpoint.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_lines.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

constexpr std::string_view audio_member = "audio_base64";
constexpr std::array<std::string_view, 2> alignments{"alignment", "normalized_alignment"};
constexpr std::string_view start_times = "character_start_times_seconds";

class timed_judge final : public presence_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& object) override {
    if (!object.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    if (object.find("detail") || holds_error(object)) return uncacheable_reason::error_event;
    const auto audio = audio_in(object, audio_member);
    if (!audio) return uncacheable_reason::malformed_answer;
    for (const auto name : alignments) {
      const auto alignment = object.given(name);
      if (alignment && !alignment->is(json_kind::object)) return uncacheable_reason::malformed_answer;
    }
    has_content_ = has_content_ || !audio->empty();
    return uncacheable_reason::none;
  }
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
    merge_rule{.member = audio_member, .how = merging::drop},
    merge_rule{.member = alignments[0], .how = merging::special, .merge = append_alignment},
    merge_rule{.member = alignments[1], .how = merging::special, .merge = append_alignment},
};

/// Appends the audio that an object holds. False where it holds none.
bool append_audio(std::string& audio, std::string_view object) {
  const auto read = canonicaliser::of_thread().read(object);
  const auto piece = read ? audio_in(*read, audio_member) : std::nullopt;
  if (piece) audio.append(*piece);
  return piece.has_value();
}

}  // namespace

std::unique_ptr<answer_reader> read_elevenlabs_timed(wire_form form) {
  auto judge = std::make_unique<timed_judge>();
  if (form == wire_form::timed_stream) return read_json_lines(std::move(judge));
  return read_json_answer(std::move(judge));
}

base::result<std::string> audio_of_elevenlabs_timed(wire_form form, std::string_view answer) {
  std::string audio;
  const auto take = [&](std::string_view text) { return append_audio(audio, text); };
  const bool whole = form == wire_form::timed_stream ? all_lines(answer, take) : take(answer);
  if (!whole || audio.empty()) return cannot_turn("this answer holds no whole audio");
  return audio;
}

base::result<std::string> join_elevenlabs_lines(std::string_view lines) {
  std::string audio;
  auto joined = json_tree::object({{std::string{audio_member}, json_tree{}}});
  const bool whole = all_lines(lines, [&](std::string_view line) {
    if (!append_audio(audio, line)) return false;
    auto object = json_tree::parse(line);
    return object && merge_members(joined, *std::move(object), {.members = line_members});
  });
  if (!whole || audio.empty()) return cannot_turn("its lines do not go together, or hold no audio");
  joined[audio_member] = json_tree::string(base::base64_encode(audio));
  return joined.to_json();
}

base::result<std::string> elevenlabs_line_of(std::string_view object) {
  const auto tree = json_tree::parse(object);
  if (!tree || tree->find(audio_member) == nullptr) return cannot_turn("this answer holds no audio");
  return tree->to_json() + '\n';
}

}  // namespace refrain::provider
