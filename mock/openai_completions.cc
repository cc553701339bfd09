#include "mock/openai_completions.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/events.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_choices = 128;

struct choice {
  std::vector<std::string> tokens;
  std::string finish = "stop";
};

/// The prompts as texts; one of token ids is shown as JSON.
std::vector<std::string> prompts_of(const json::value& request) {
  const auto* prompt = member(request, "prompt");
  if (prompt == nullptr || prompt->is_null()) return {""};
  if (prompt->is_string()) return {std::string(prompt->get_string())};
  std::vector<std::string> texts;
  if (const auto* list = prompt->if_array(); list != nullptr && !list->empty() && !list->front().is_number()) {
    for (const auto& one : *list) {
      texts.push_back(one.is_string() ? std::string(one.get_string()) : json::serialize(one));
    }
    return texts;
  }
  return {json::serialize(*prompt)};
}

choice choice_for(const json::value& request, const std::string& prompt, std::string_view proof, const call& asked,
                  std::size_t index) {
  choice one{.tokens = tokens_of(answer_text(proof, prompt, asked.wish.text_bytes, index))};
  const auto limit = count_member(request, "max_tokens", -1);
  if (limit >= 0 && one.tokens.size() > static_cast<std::size_t>(limit)) {
    one.tokens.resize(static_cast<std::size_t>(limit));
    one.finish = "length";
  }
  if (is_true(request, "echo")) one.tokens.insert(one.tokens.begin(), prompt);
  if (!asked.wish.finish.empty()) one.finish = asked.wish.finish;
  return one;
}

/// What is said, before it takes its form.
class turn {
 public:
  turn(const json::value& request, std::string_view proof, const call& asked) : request_(request), asked_(asked) {
    const auto each = std::clamp<std::int64_t>(count_member(request, "n", 1), 1, most_choices);
    for (const auto& prompt : prompts_of(request)) {
      prompt_tokens_ += token_estimate(prompt);
      for (std::int64_t i = 0; i < each; ++i) {
        choices_.push_back(choice_for(request, prompt, proof, asked, choices_.size()));
        completion_tokens_ += choices_.back().tokens.size();
      }
    }
    frame_ = {{"id", fmt::format("cmpl-{}", asked.unique())},
              {"object", "text_completion"},
              {"created", std::chrono::time_point_cast<std::chrono::seconds>(asked.at).time_since_epoch().count()},
              {"model", string_member(request, "model")},
              {"choices", json::array{}},
              {"system_fingerprint", fmt::format("fp_{}", proof.substr(0, 10))}};
  }

  [[nodiscard]] json::object plain() const {
    auto body = frame_;
    for (std::size_t index = 0; index < choices_.size(); ++index) {
      const auto& one = choices_[index];
      body["choices"].as_array().push_back(part(index, one.tokens, 0, json::string(one.finish)));
    }
    if (!asked_.wish.no_usage) body["usage"] = usage();
    return body;
  }

  [[nodiscard]] std::vector<std::string> events() const {
    std::vector<std::string> all;
    for (std::size_t index = 0; index < choices_.size(); ++index) add_events(index, all);
    if (usage_in_stream() && !asked_.wish.no_usage) {
      auto last = frame_;
      last["usage"] = usage();
      all.push_back(data_event(last));
    }
    if (asked_.wish.error_event) {
      all.resize(std::min(*asked_.wish.error_event, all.size()));
      all.push_back(data_event({{"error", {{"message", "The stream broke off."}, {"type", "server_error"}}}}));
    }
    if (!asked_.wish.no_done) all.emplace_back("data: [DONE]\n\n");
    return all;
  }

 private:
  void add_events(std::size_t index, std::vector<std::string>& all) const {
    const auto& [tokens, finish] = choices_[index];
    std::size_t offset = 0;
    for (std::size_t at = 0; at < tokens.size(); at += asked_.wish.tokens_per_chunk) {
      const auto count = std::min(asked_.wish.tokens_per_chunk, tokens.size() - at);
      const auto first = tokens.begin() + static_cast<std::ptrdiff_t>(at);
      const std::vector<std::string> piece(first, first + static_cast<std::ptrdiff_t>(count));
      all.push_back(chunk(part(index, piece, offset, nullptr)));
      for (const auto& token : piece) offset += token.size();
    }
    all.push_back(chunk(part(index, {}, offset, json::string(finish))));
  }

  [[nodiscard]] json::object part(std::size_t index, const std::vector<std::string>& tokens, std::size_t offset,
                                  json::value finish) const {
    return {{"text", fmt::format("{}", fmt::join(tokens, ""))},
            {"index", index},
            {"logprobs", count_member(request_, "logprobs", -1) >= 0 && !tokens.empty() ? logprobs(tokens, offset)
                                                                                        : json::value(nullptr)},
            {"finish_reason", std::move(finish)}};
  }

  static json::value logprobs(const std::vector<std::string>& tokens, std::size_t offset) {
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

  [[nodiscard]] std::string chunk(json::object part) const {
    auto body = frame_;
    body["choices"].as_array().push_back(std::move(part));
    if (usage_in_stream()) body["usage"] = nullptr;
    return data_event(body);
  }

  [[nodiscard]] bool usage_in_stream() const {
    const auto* options = member(request_, "stream_options");
    return options != nullptr && is_true(*options, "include_usage");
  }

  [[nodiscard]] json::object usage() const {
    return {{"prompt_tokens", prompt_tokens_},
            {"completion_tokens", completion_tokens_},
            {"total_tokens", prompt_tokens_ + completion_tokens_}};
  }

  const json::value& request_;
  const call& asked_;
  json::object frame_;
  std::vector<choice> choices_;
  std::size_t prompt_tokens_ = 0;
  std::size_t completion_tokens_ = 0;
};

}  // namespace

answer completions(const call& asked) {
  const auto request = read_object(asked, {"model"});
  if (!request) return refuse(asked, request.error());
  const turn said(*request, *proof_of(asked.body), asked);
  return is_true(*request, "stream") ? event_answer(asked, said.events()) : json_answer(asked, said.plain());
}

}  // namespace refrain::mock::openai
