#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"
#include "mock/turn.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_choices = 128;

/// The prompts as texts; one of token ids is shown as JSON.
std::vector<std::string> prompts_of(const json::value& request) {
  const auto* prompt = member(request, "prompt");
  if (prompt == nullptr || prompt->is_null()) return {""};
  const auto shown = [](const json::value& one) {
    return one.is_string() ? std::string(one.get_string()) : json::serialize(one);
  };
  const auto& list = list_of(prompt);
  if (list.empty() || list.front().is_number()) return {shown(*prompt)};
  std::vector<std::string> texts;
  for (const auto& one : list) texts.push_back(shown(one));
  return texts;
}

json::value logprobs_of(const std::vector<std::string>& tokens, std::size_t offset) {
  json::array spelt, probabilities, likely, offsets;
  for (const auto& token : tokens) {
    spelt.emplace_back(token);
    probabilities.emplace_back(-0.25);
    likely.push_back(json::object{{token, -0.25}});
    offsets.emplace_back(offset);
    offset += token.size();
  }
  return {{"tokens", spelt}, {"token_logprobs", probabilities}, {"top_logprobs", likely}, {"text_offset", offsets}};
}

/// Writes what is said, in either form.
class completion {
 public:
  completion(const renderer& render, const call& asked, const json::value& request, std::string_view proof)
      : render_(render), wish_(asked.wish), logprobs_(count_member(request, "logprobs", -1) >= 0) {
    usage_in_stream_ = is_true(member(request, "stream_options"), "include_usage");
    const auto each = std::clamp<std::int64_t>(count_member(request, "n", 1), 1, most_choices);
    for (const auto& prompt : prompts_of(request)) {
      prompt_tokens_ += token_estimate(prompt);
      const question one{.proof = std::string(proof),
                         .text = prompt,
                         .limit = limit_member(request, "max_tokens"),
                         .words = {.stop = "stop", .length = "length"}};
      for (std::int64_t i = 0; i < each; ++i) {
        auto said = turn_for(one, wish_, choices_.size());
        if (is_true(request, "echo")) said.text.insert(said.text.begin(), prompt);
        completion_tokens_ += said.text.size();
        choices_.push_back(std::move(said));
      }
    }
  }

  [[nodiscard]] answer plain() const {
    json::array choices;
    for (const auto& said : choices_) choices.push_back(part(choices.size(), said.text, 0, said.finish));
    json::object values{{"choices", std::move(choices)}};
    if (!wish_.no_usage) values["usage"] = usage();
    return render_.plain("completion", values);
  }

  [[nodiscard]] answer stream() const {
    std::vector<std::string> events;
    for (std::size_t index = 0; index < choices_.size(); ++index) {
      std::size_t offset = 0;
      for (const auto& group : groups_of(choices_[index].text, wish_.tokens_per_chunk)) {
        events.push_back(chunk({part(index, group, offset)}));
        offset += joined(group).size();
      }
      events.push_back(chunk({part(index, {}, offset, choices_[index].finish)}));
    }
    if (usage_in_stream_ && !wish_.no_usage) events.push_back(chunk({}, usage()));
    break_off(events, wish_, render_.event("completion.broken_off"));
    if (!wish_.no_done) events.emplace_back("data: [DONE]\n\n");
    return render_.stream(std::move(events));
  }

 private:
  [[nodiscard]] json::value part(std::size_t index, const std::vector<std::string>& tokens, std::size_t offset,
                                 std::string_view finish = {}) const {
    json::object values{{"text", joined(tokens)}, {"index", index}};
    if (logprobs_ && !tokens.empty()) values["logprobs"] = logprobs_of(tokens, offset);
    if (!finish.empty()) values["finish"] = finish;
    return render_.fill("completion.choice", values);
  }

  [[nodiscard]] std::string chunk(json::array choices, json::value usage = nullptr) const {
    json::object values{{"choices", std::move(choices)}};
    if (usage_in_stream_) values["usage"] = std::move(usage);
    return render_.event("completion", values);
  }

  [[nodiscard]] json::value usage() const {
    return render_.fill("completion.usage", {{"prompt_tokens", prompt_tokens_},
                                             {"completion_tokens", completion_tokens_},
                                             {"total_tokens", prompt_tokens_ + completion_tokens_}});
  }

  const renderer& render_;
  const behaviour& wish_;
  bool logprobs_;
  bool usage_in_stream_ = false;
  std::size_t prompt_tokens_ = 0;
  std::size_t completion_tokens_ = 0;
  std::vector<turn> choices_;
};

}  // namespace

answer completions(const call& asked) {
  renderer render(api, asked);
  const auto request = render.request({"model"});
  if (!request) return request.error();
  const auto proof = *proof_of(asked.body);
  render.set({{"model", string_member(*request, "model")}, {"fingerprint", fmt::format("fp_{}", proof.substr(0, 10))}});
  const completion said(render, asked, *request, proof);
  return is_true(*request, "stream") ? said.stream() : said.plain();
}

}  // namespace refrain::mock::openai
