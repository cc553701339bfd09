#include "provider/families/gemini_content_merge.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/text.h"
#include "provider/rules/delta_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

std::unexpected<base::error> cannot(std::string_view why) {
  return base::fail(base::errc::not_found, "this stream cannot become a plain answer: " + std::string{why});
}

bool is_string(const json_tree* value) { return value != nullptr && value->is(kind::string); }

/// A text and nothing with it but whether it is a thought.
bool is_bare_text(const json_tree& part) {
  return is_string(part.find("text")) && std::ranges::all_of(part.members, [](const json_tree::member& one) {
           return one.first == "text" || one.first == "thought";
         });
}

bool is_thought(const json_tree& part) {
  const auto* const mark = part.find("thought");
  return mark != nullptr && mark->text == "true";
}

/// The type of a part that is sound and nothing else; empty for any other.
std::string_view sound_type(const json_tree& part) {
  const auto* const sound = part.members.size() == 1 ? part.find("inlineData") : nullptr;
  const auto* const type = sound != nullptr ? sound->find("mimeType") : nullptr;
  if (!is_string(type) || !is_string(sound->find("data")) || sound->members.size() != 2) return {};
  return type->text.starts_with("audio/") ? std::string_view{type->text} : std::string_view{};
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

bool add_parts(std::vector<json_tree>& known, std::vector<json_tree>&& parts) {
  // Only where one chunk ends and the next begins can a part have been cut.
  bool at_seam = !known.empty();
  for (auto& part : parts) {
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

bool add_content(json_tree& known, json_tree&& content) {
  if (content.is_null()) return true;
  if (!content.is(kind::object)) return false;
  if (known.is_null()) known = json_tree::object();
  for (auto& [name, value] : content.members) {
    json_tree& member = known[name];
    if (name != "parts") {
      if (!value.is_null()) member = std::move(value);
      continue;
    }
    if (!value.is(kind::array)) return false;
    if (member.is_null()) member = json_tree::array();
    if (!add_parts(member.elements, std::move(value.elements))) return false;
  }
  return true;
}

bool says_nothing(const json_tree& value) { return value.is_null() || (value.is(kind::string) && value.text.empty()); }

bool add_candidate(json_tree& known, json_tree&& candidate) {
  for (auto& [name, value] : candidate.members) {
    json_tree& member = known[name];
    if (name == "content") {
      if (!add_content(member, std::move(value))) return false;
    } else if (name == "logprobsResult") {
      if (!append_arrays(member, std::move(value))) return false;
    } else if (!says_nothing(value)) {
      member = std::move(value);
    }
  }
  return true;
}

/// 0 where it says none; nothing where it is no plain integer.
std::optional<std::int64_t> index_of(const json_tree& candidate) {
  const auto* const index = candidate.find("index");
  return index == nullptr ? std::optional<std::int64_t>{0} : base::to_integer<std::int64_t>(index->text);
}

bool add_candidates(json_tree& known, json_tree&& candidates) {
  if (candidates.is_null()) return true;
  if (!candidates.is(kind::array)) return false;
  if (known.is_null()) known = json_tree::array();
  for (auto& one : candidates.elements) {
    const auto index = one.is(kind::object) ? index_of(one) : std::nullopt;
    if (!index) return false;
    auto at = std::ranges::find_if(known.elements, [&](const json_tree& other) { return *index_of(other) >= *index; });
    if (at == known.elements.end() || *index_of(*at) != *index) {
      if (known.elements.size() == max_merged_parts) return false;
      at = known.elements.insert(at, json_tree::object());
      if (const auto* const spelt = one.find("index")) (*at)["index"] = *spelt;
    }
    if (!add_candidate(*at, std::move(one))) return false;
  }
  return true;
}

/// Early chunks count less than the last one, but may count what it does not.
void add_usage(json_tree& known, json_tree&& usage) {
  if (!known.is(kind::object) || !usage.is(kind::object)) {
    if (!usage.is_null()) known = std::move(usage);
    return;
  }
  for (auto& [name, value] : usage.members) known[name] = std::move(value);
}

bool add_chunk(json_tree& answer, json_tree&& chunk) {
  if (!chunk.is(kind::object) || answer.members.size() > max_merged_parts) return false;
  for (auto& [name, value] : chunk.members) {
    json_tree& known = answer[name];
    if (name == "candidates") {
      if (!add_candidates(known, std::move(value))) return false;
    } else if (name == "usageMetadata") {
      add_usage(known, std::move(value));
    } else if (!value.is_null()) {
      known = std::move(value);
    }
  }
  return true;
}

}  // namespace

base::result<json_tree> merge_gemini_chunks(std::vector<json_tree>&& chunks) {
  if (chunks.empty()) return cannot("it holds nothing");
  if (chunks.size() == 1 && chunks.front().is(kind::object)) return std::move(chunks.front());
  auto answer = json_tree::object();
  for (auto& chunk : chunks) {
    if (!add_chunk(answer, std::move(chunk))) return cannot("two of its chunks do not go together");
  }
  return answer;
}

}  // namespace refrain::provider
