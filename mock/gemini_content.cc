#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "mock/gemini.h"
#include "mock/gemini_request.h"
#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"
#include "mock/turn.h"

namespace refrain::mock::gemini {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_candidates = 8;

/// One step of a candidate: a part, and the tokens that it takes.
struct step {
  json::value part;
  std::size_t tokens = 0;
  bool is_thought = false;
};

/// Writes what is said, in either form.
class content {
 public:
  content(renderer& render, const call& asked, const json::value& request)
      : render_(render), wish_(asked.wish), prompt_tokens_(prompt_tokens_of(request)) {
    auto whole = request.get_object();
    whole["model"] = target_of(asked).model;
    const auto put = question_of(request, proof_of_members(std::move(whole)));
    const auto count = count_member(member(request, "generationConfig"), "candidateCount", 1);
    for (std::int64_t index = 0; index < std::clamp<std::int64_t>(count, 1, most_candidates); ++index) {
      candidates_.push_back(turn_for(put, wish_, static_cast<std::size_t>(index)));
      if (put.text.find("unspeakable") == std::string::npos) continue;
      candidates_.back() = {.finish = wish_.finish.empty() ? "SAFETY" : wish_.finish};
    }
    proof_ = put.proof;
    render.set({{"model", target_of(asked).model}, {"prompt_tokens", prompt_tokens_}});
  }

  [[nodiscard]] answer plain() {
    json::array candidates;
    for (const auto& said : candidates_) {
      json::array parts;
      for (const auto& step : steps_of(said, std::max<std::size_t>(said.thoughts.size() + said.text.size(), 1))) {
        count(step);
        parts.push_back(step.part);
      }
      candidates.push_back(candidate(candidates.size(), std::move(parts), true));
    }
    return render_.plain("content", values(std::move(candidates), true));
  }

  /// The objects of a stream; each has the next step of every candidate.
  [[nodiscard]] std::vector<std::string> chunks() {
    std::vector<std::vector<step>> waiting;
    std::size_t longest = 1;
    for (const auto& said : candidates_) {
      waiting.push_back(steps_of(said, wish_.tokens_per_chunk));
      longest = std::max(longest, waiting.back().size());
    }
    std::vector<std::string> all;
    for (std::size_t at = 0; at < longest; ++at) {
      json::array candidates;
      for (std::size_t index = 0; index < waiting.size(); ++index) {
        const auto& steps = waiting[index];
        if (at >= std::max<std::size_t>(steps.size(), 1)) continue;
        json::array parts;
        if (at < steps.size()) {
          count(steps[at]);
          parts.push_back(steps[at].part);
        }
        candidates.push_back(candidate(index, std::move(parts), at + 1 >= steps.size() && !wish_.no_done));
      }
      all.push_back(render_.text("content", values(std::move(candidates), at + 1 == longest)));
    }
    break_off(all, wish_, render_.text("broken_off"));
    return all;
  }

 private:
  /// A candidate in pieces of `size` tokens. The first of several calls carries the signature for all.
  [[nodiscard]] std::vector<step> steps_of(const turn& said, std::size_t size) const {
    std::vector<step> steps;
    for (const auto& group : groups_of(said.thoughts, size)) {
      steps.push_back({.part = render_.fill("text", {{"text", joined(group)}, {"thought", true}}),
                       .tokens = group.size(),
                       .is_thought = true});
    }
    for (const auto& group : groups_of(said.text, size)) {
      steps.push_back({.part = render_.fill("text", {{"text", joined(group)}}), .tokens = group.size()});
    }
    for (std::size_t index = 0; index < said.calls.size(); ++index) {
      json::object values{{"id", fmt::format("{}{:02x}", proof_.substr(0, 8), index)},
                          {"name", said.calls[index].name},
                          {"arguments", said.calls[index].arguments}};
      if (index == 0) values["signature"] = fmt::format("{}AAA=", proof_);
      auto part = render_.fill("call", values);
      const auto tokens = token_estimate(json::serialize(part));
      steps.push_back({.part = std::move(part), .tokens = tokens});
    }
    if (!said.thoughts.empty() && said.calls.empty()) steps.push_back({.part = render_.fill("signature")});
    return steps;
  }

  void count(const step& one) { (one.is_thought ? thought_tokens_ : text_tokens_) += one.tokens; }

  [[nodiscard]] json::value candidate(std::size_t index, json::array parts, bool ended) const {
    json::object values{{"index", index}};
    if (!parts.empty()) values["parts"] = std::move(parts);
    if (ended) values["finish"] = candidates_[index].finish;
    return render_.fill("candidate", values);
  }

  /// Counts the tokens so far: the text's are left out as long as there are none, except at the end.
  [[nodiscard]] json::object values(json::array candidates, bool last) const {
    json::object all{{"candidates", std::move(candidates)}};
    if (wish_.no_usage) return all;
    json::object counted{{"total_tokens", prompt_tokens_ + text_tokens_ + thought_tokens_}};
    if (text_tokens_ > 0 || last) counted["text_tokens"] = text_tokens_;
    if (thought_tokens_ > 0) counted["thought_tokens"] = thought_tokens_;
    all["usage"] = render_.fill("usage", counted);
    return all;
  }

  const renderer& render_;
  const behaviour& wish_;
  std::size_t prompt_tokens_;
  std::string proof_;
  std::vector<turn> candidates_;
  std::size_t text_tokens_ = 0;
  std::size_t thought_tokens_ = 0;
};

/// The objects as events, whose lines end with CRLF; or as the elements of an array.
std::vector<std::string> framed(std::vector<std::string> objects, bool as_array) {
  for (auto& one : objects) {
    if (as_array) {
      one.insert(0, &one == &objects.front() ? "[" : "\n,\r\n");
    } else {
      one = fmt::format("data: {}\r\n\r\n", one);
    }
  }
  if (as_array) objects.emplace_back(objects.empty() ? "[]" : "\n]");
  return objects;
}

}  // namespace

answer generate_content(const call& asked) {
  renderer render(api, asked);
  const auto request = parse_json(asked.body);
  if (!request || member(*request, "contents") == nullptr) return render.refuse("no_contents");
  content said(render, asked, *request);
  if (target_of(asked).verb != "streamGenerateContent") return said.plain();
  const bool as_array = wants_array(asked);
  auto stream = render.stream(framed(said.chunks(), as_array));
  if (as_array) stream.content_type = api.json_type;
  return stream;
}

answer count_tokens(const call& asked) {
  const renderer render(api, asked);
  auto request = parse_json(asked.body);
  if (request) {
    if (const auto* whole = member(*request, "generateContentRequest")) request = json::value(*whole);
  }
  if (!request || member(*request, "contents") == nullptr) return render.refuse("no_contents");
  return render.plain("count", {{"tokens", prompt_tokens_of(*request)}});
}

}  // namespace refrain::mock::gemini
