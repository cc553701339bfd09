#include "mock/gemini_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "mock/gemini.h"
#include "mock/gemini_turn.h"
#include "mock/json.h"
#include "mock/text.h"

namespace refrain::mock::gemini {
namespace {

namespace json = boost::json;

std::string joined(const std::vector<std::string>& tokens) { return fmt::format("{}", fmt::join(tokens, "")); }

/// One step of a candidate: a part, and the tokens that it takes.
struct step {
  json::object part;
  std::size_t tokens = 0;
  bool is_thought = false;
};

void add_text(std::vector<step>& steps, const std::vector<std::string>& tokens, std::size_t size, bool is_thought) {
  for (std::size_t at = 0; at < tokens.size(); at += size) {
    const auto count = std::min(size, tokens.size() - at);
    const auto first = tokens.begin() + static_cast<std::ptrdiff_t>(at);
    json::object part{{"text", joined({first, first + static_cast<std::ptrdiff_t>(count)})}};
    if (is_thought) part["thought"] = true;
    steps.push_back({.part = std::move(part), .tokens = count, .is_thought = is_thought});
  }
}

/// A candidate in pieces of `size` tokens.
std::vector<step> steps_of(const candidate& one, std::size_t size) {
  std::vector<step> steps;
  add_text(steps, one.thoughts, size, true);
  add_text(steps, one.text, size, false);
  for (const auto& call : one.calls) {
    steps.push_back({.part = call.as_object(), .tokens = token_estimate(json::serialize(call))});
  }
  if (!one.thoughts.empty() && one.calls.empty()) {
    steps.push_back({.part = {{"text", ""}, {"thoughtSignature", "c2lnbmF0dXJl"}}});
  }
  return steps;
}

/// Writes a turn in either form.
class rendering {
 public:
  rendering(const turn& said, const call& asked) : said_(said), asked_(asked) {}

  [[nodiscard]] json::object whole() {
    json::array candidates;
    for (std::size_t index = 0; index < said_.candidates.size(); ++index) {
      const auto& one = said_.candidates[index];
      json::array parts;
      for (auto& step : steps_of(one, std::max<std::size_t>(one.thoughts.size() + one.text.size(), 1))) {
        count(step);
        parts.push_back(std::move(step.part));
      }
      candidates.push_back(described(index, std::move(parts), true));
    }
    return framed(std::move(candidates), true);
  }

  [[nodiscard]] std::vector<json::object> chunks() {
    std::vector<std::vector<step>> waiting;
    std::size_t longest = 1;
    for (const auto& one : said_.candidates) {
      waiting.push_back(steps_of(one, asked_.wish.tokens_per_chunk));
      longest = std::max(longest, waiting.back().size());
    }
    std::vector<json::object> all;
    for (std::size_t at = 0; at < longest; ++at) {
      json::array candidates;
      for (std::size_t index = 0; index < waiting.size(); ++index) {
        auto& steps = waiting[index];
        if (at >= std::max<std::size_t>(steps.size(), 1)) continue;
        json::array parts;
        if (at < steps.size()) {
          count(steps[at]);
          parts.push_back(std::move(steps[at].part));
        }
        const bool last = at + 1 >= steps.size();
        candidates.push_back(described(index, std::move(parts), last && !asked_.wish.no_done));
      }
      all.push_back(framed(std::move(candidates), at + 1 == longest));
    }
    return all;
  }

 private:
  void count(const step& one) { (one.is_thought ? thought_tokens_ : text_tokens_) += one.tokens; }

  [[nodiscard]] json::object described(std::size_t index, json::array parts, bool ended) const {
    json::object content{{"role", "model"}};
    if (!parts.empty()) content["parts"] = std::move(parts);
    json::object one{{"content", std::move(content)}};
    if (ended) one["finishReason"] = said_.candidates[index].finish;
    one["index"] = index;
    return one;
  }

  [[nodiscard]] json::object framed(json::array candidates, bool last) const {
    json::object object{{"candidates", std::move(candidates)}};
    if (!asked_.wish.no_usage) object["usageMetadata"] = usage(last);
    object["modelVersion"] = target_of(asked_).model;
    object["responseId"] = asked_.unique();
    return object;
  }

  /// Up to the last chunk only the text's tokens are missing where there are none yet.
  [[nodiscard]] json::object usage(bool last) const {
    json::object counted{{"promptTokenCount", said_.prompt_tokens}};
    if (text_tokens_ > 0 || last) counted["candidatesTokenCount"] = text_tokens_;
    counted["totalTokenCount"] = said_.prompt_tokens + text_tokens_ + thought_tokens_;
    counted["promptTokensDetails"] =
        json::array{json::object{{"modality", "TEXT"}, {"tokenCount", said_.prompt_tokens}}};
    if (thought_tokens_ > 0) counted["thoughtsTokenCount"] = thought_tokens_;
    return counted;
  }

  const turn& said_;
  const call& asked_;
  std::size_t text_tokens_ = 0;
  std::size_t thought_tokens_ = 0;
};

const json::object overloaded{
    {"error",
     {{"code", 503}, {"message", "The model is overloaded. Please try again later."}, {"status", "UNAVAILABLE"}}}};

void break_off(std::vector<json::object>& chunks, std::optional<std::size_t> after) {
  if (!after) return;
  chunks.resize(std::min(*after, chunks.size()));
  chunks.push_back(overloaded);
}

/// The body, where it is an object with contents.
std::optional<json::value> read(const call& asked) {
  auto request = parse_json(asked.body);
  const bool fits = request && request->is_object() && member(*request, "contents") != nullptr;
  return fits ? std::move(request) : std::nullopt;
}

answer refuse_contents(const call& asked) {
  return refuse(asked, {.status = 400, .message = "* GenerateContentRequest.contents: contents is not specified\n"});
}

}  // namespace

answer generate_content(const call& asked) {
  const auto request = read(asked);
  if (!request) return refuse_contents(asked);
  const auto [model, verb] = target_of(asked);
  const auto said = turn_for(*request, proof_with_model(request->get_object(), model), asked);
  rendering written(said, asked);
  if (verb != "streamGenerateContent") return json_answer(written.whole());
  auto chunks = written.chunks();
  break_off(chunks, asked.wish.error_event);
  return stream_answer(framing_of(asked), chunks);
}

answer count_tokens(const call& asked) {
  auto request = parse_json(asked.body);
  if (request && request->is_object()) {
    if (const auto* whole = member(*request, "generateContentRequest")) request = json::value(*whole);
  }
  if (!request || member(*request, "contents") == nullptr) return refuse_contents(asked);
  const auto tokens = prompt_tokens_of(*request);
  return json_answer(
      {{"totalTokens", tokens},
       {"promptTokensDetails", json::array{json::object{{"modality", "TEXT"}, {"tokenCount", tokens}}}}});
}

}  // namespace refrain::mock::gemini
