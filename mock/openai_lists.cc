#include "mock/openai_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "mock/dice.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 13> categories{"harassment",
                                                      "harassment/threatening",
                                                      "hate",
                                                      "hate/threatening",
                                                      "illicit",
                                                      "illicit/violent",
                                                      "self-harm",
                                                      "self-harm/instructions",
                                                      "self-harm/intent",
                                                      "sexual",
                                                      "sexual/minors",
                                                      "violence",
                                                      "violence/graphic"};

json::object judged(std::string_view text) {
  const bool violent = text.find("violence") != std::string_view::npos;
  json::object flags, scores, types;
  for (const auto name : categories) {
    const bool flagged = violent && name == "violence";
    flags[name] = flagged;
    scores[name] = flagged ? 0.9375 : 0.000125;
    types[name] = json::array{"text"};
  }
  return {{"flagged", violent},
          {"categories", flags},
          {"category_scores", scores},
          {"category_applied_input_types", types}};
}

/// The texts to judge: a string, a list of strings, or parts that are judged as one.
std::vector<std::string> inputs_of(const json::value& request) {
  const auto& input = *member(request, "input");
  if (input.is_string()) return {std::string(input.get_string())};
  std::vector<std::string> texts;
  std::string parts;
  if (const auto* list = input.if_array()) {
    for (const auto& one : *list) {
      if (one.is_string()) texts.emplace_back(one.get_string());
      parts += string_member(one, "text");
    }
  }
  if (texts.empty()) texts.push_back(parts);
  return texts;
}

struct ranked {
  std::size_t index;
  double score;
};

std::vector<ranked> rank(const json::array& documents, std::string_view proof) {
  std::vector<ranked> all;
  dice pick(std::stoull(std::string(proof), nullptr, 16), 0);
  for (std::size_t index = 0; index < documents.size(); ++index) all.push_back({index, pick.share()});
  std::ranges::sort(all, std::greater{}, &ranked::score);
  return all;
}

}  // namespace

answer moderations(const call& asked) {
  const auto request = read_object(asked, {"input"});
  if (!request) return refuse(asked, request.error());
  json::array results;
  for (const auto& text : inputs_of(*request)) results.push_back(judged(text));
  const auto model = string_member(*request, "model");
  return json_answer(asked, {{"id", fmt::format("modr-{}-{}", *proof_of(asked.body), asked.unique())},
                             {"model", model.empty() ? "omni-moderation-latest" : model},
                             {"results", results}});
}

answer rerank(const call& asked) {
  const auto request = read_object(asked, {"query", "documents"});
  if (!request) return refuse(asked, request.error());
  static const json::array none;
  const auto* const list = member(*request, "documents")->if_array();
  const auto& documents = list == nullptr ? none : *list;
  const auto proof = *proof_of(asked.body);
  auto order = rank(documents, proof);
  const auto most = count_member(*request, "top_n", static_cast<std::int64_t>(order.size()));
  if (most >= 0 && static_cast<std::size_t>(most) < order.size()) order.resize(static_cast<std::size_t>(most));
  json::array results;
  for (const auto& [index, score] : order) {
    const auto& document = documents[index];
    const auto text = document.is_string() ? std::string_view(document.get_string()) : string_member(document, "text");
    results.push_back({{"index", index}, {"document", {{"text", text}}}, {"relevance_score", score}});
  }
  const auto tokens = token_estimate(json::serialize(documents));
  return json_answer(asked, {{"id", fmt::format("rerank-{}-{}", proof, asked.unique())},
                             {"model", string_member(*request, "model")},
                             {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}},
                             {"results", results}});
}

}  // namespace refrain::mock::openai
