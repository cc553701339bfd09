#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "base/text.h"
#include "provider/families/gemini_answer.h"
#include "provider/rules/dialect.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// A text and nothing with it but whether it is a thought.
bool is_bare_text(const json_tree& part) {
  return part.find("text", kind::string) != nullptr &&
         std::ranges::all_of(
             part.members, [](const json_tree::member& one) { return one.first == "text" || one.first == "thought"; });
}

bool is_thought(const json_tree& part) {
  const auto* const mark = part.find("thought");
  return mark != nullptr && mark->text == "true";
}

/// The type of a part that is sound and nothing else; empty for any other.
std::string_view sound_type(const json_tree& part) {
  const auto* const sound = part.members.size() == 1 ? part.find("inlineData") : nullptr;
  if (sound == nullptr || sound->find("data", kind::string) == nullptr || sound->members.size() != 2) return {};
  const auto type = sound->spelling("mimeType");
  return type.starts_with("audio/") ? type : std::string_view{};
}

/// Puts base64 behind base64. False where one of the two is none.
bool append_base64(std::string& whole, std::string_view more) {
  const auto open = whole.size() - (whole.ends_with('=') ? std::min<std::size_t>(whole.size(), 4) : 0);
  auto bytes = base::base64_decode(std::string_view{whole}.substr(open));
  const auto next = base::base64_decode(more);
  if (!bytes || !next || open % 4 != 0) return false;
  whole.resize(open);
  whole.append(base::base64_encode(bytes->append(*next)));
  return true;
}

/// Raw samples (RFC 2586) may be joined where they were cut; what is encoded may not.
bool join_sound(json_tree& known, const json_tree& next) {
  const auto type = sound_type(known);
  const bool raw =
      base::starts_with_ignoring_case(type, "audio/l16") || base::starts_with_ignoring_case(type, "audio/pcm");
  return raw && append_base64(known["inlineData"]["data"].text, next.find("inlineData")->find("data")->text);
}

/// A call whose arguments come bit by bit: they are paths and values, not text to be joined.
bool is_piece_of_call(const json_tree& part) {
  const auto* const call = part.find("functionCall");
  return call != nullptr && (call->find("partialArgs") != nullptr || call->find("willContinue") != nullptr);
}

bool add_parts(json_tree& whole, json_tree&& more) {
  if (whole.is_null()) whole = json_tree::array();
  if (!more.is(kind::array) || !whole.is(kind::array)) return false;
  auto& known = whole.elements;
  // Only where one chunk ends and the next begins can a part have been cut.
  bool at_seam = !known.empty();
  for (auto& part : more.elements) {
    if (!part.is(kind::object) || is_piece_of_call(part)) return false;
    const bool seam = std::exchange(at_seam, false);
    if (seam && is_bare_text(known.back()) && is_bare_text(part) && is_thought(known.back()) == is_thought(part)) {
      known.back()["text"].text.append(part["text"].text);
    } else if (seam && !sound_type(part).empty() && sound_type(known.back()) == sound_type(part)) {
      if (!join_sound(known.back(), part)) return false;
    } else {
      known.push_back(std::move(part));
    }
  }
  return true;
}

constexpr std::array content_members{merge_rule{.member = "parts", .action = merging::special, .merge = add_parts}};
constexpr merge_rules content_rules{.members = content_members};

constexpr std::array candidate_members{
    merge_rule{.member = "content", .action = merging::members, .inner = &content_rules},
    merge_rule{.member = "logprobsResult", .action = merging::concat},
    merge_rule{.member = "finishReason", .action = merging::last_words},
    merge_rule{.member = "finishMessage", .action = merging::last_words},
    merge_rule{.member = "safetyRatings", .action = merging::last_words},
    merge_rule{.member = "groundingMetadata", .action = merging::last_words},
    merge_rule{.member = "urlContextMetadata", .action = merging::last_words},
    merge_rule{.member = "tokenCount", .action = merging::last},
    merge_rule{.member = "avgLogprobs", .action = merging::last},
};
constexpr merge_rules candidate_rules{.members = candidate_members};

/// Early chunks count less than the last one, but may count what it does not.
constexpr merge_rules usage_rules{.others = merging::last};

constexpr std::array chunk_members{
    merge_rule{.member = "candidates", .action = merging::indexed, .inner = &candidate_rules},
    merge_rule{.member = "usageMetadata", .action = merging::members, .inner = &usage_rules},
    merge_rule{.member = "modelVersion", .action = merging::last_words},
    merge_rule{.member = "responseId", .action = merging::last_words},
    merge_rule{.member = "createTime", .action = merging::last_words},
    merge_rule{.member = "promptFeedback", .action = merging::last_words},
};

}  // namespace

base::result<json_tree> merge_gemini_chunks(std::vector<json_tree>&& chunks) {
  if (chunks.empty()) return cannot_turn("it holds nothing");
  if (chunks.size() == 1 && chunks.front().is(kind::object)) return std::move(chunks.front());
  auto answer = json_tree::object();
  for (auto& chunk : chunks) {
    if (!merge_members(answer, std::move(chunk), {.members = chunk_members}))
      return cannot_turn("two of its chunks do not go together");
  }
  return answer;
}

}  // namespace refrain::provider
