#include <algorithm>
#include <bit>
#include <boost/json.hpp>

#include "base/base64.h"
#include "mock/dice.h"
#include "mock/embedding_vector.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/openai_logprobs.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"

/// The endpoints that answer with a list of results.
namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

/// Texts and lists of tokens, one by one.
json::array inputs_of(const json::value& input) {
  const auto& list = list_of(&input);
  return list.empty() || list.front().is_number() ? json::array{input} : list;
}

json::value written(const std::vector<float>& vector, bool as_base64) {
  if (!as_base64) return json::array(vector.begin(), vector.end());
  static_assert(std::endian::native == std::endian::little);
  const std::string_view bytes{reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)};
  return json::string(base::base64_encode(bytes));
}

/// The texts to judge: a string, a list of strings, or parts that are judged as one.
std::vector<std::string> texts_of(const json::value& input) {
  if (input.is_string()) return {std::string(input.get_string())};
  std::vector<std::string> texts;
  std::string parts;
  for (const auto& one : list_of(&input)) {
    if (one.is_string()) texts.emplace_back(one.get_string());
    parts += string_member(one, "text");
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

json::array token_logprobs(const renderer& render, const std::vector<std::string>& tokens, json::object more) {
  json::array list;
  for (const auto& token : tokens) {
    json::array bytes;
    for (const char c : token) bytes.push_back(static_cast<unsigned char>(c));
    more["token"] = token;
    more["bytes"] = std::move(bytes);
    list.push_back(render.fill("token", more));
  }
  return list;
}

answer embeddings(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"input", "model"});
  if (!request) return request.error();
  const auto model = string_member(*request, "model");
  const auto dimensions = std::clamp<std::int64_t>(count_member(*request, "dimensions", 8), 1, 4096);
  const bool as_base64 = string_member(*request, "encoding_format") == "base64";
  json::array data;
  std::uint64_t tokens = 0;
  for (const auto& input : inputs_of(*member(*request, "input"))) {
    tokens += input.is_string() ? token_estimate(input.get_string()) : input.is_array() ? input.get_array().size() : 1;
    const auto vector = written(embedding_of(input, model, dimensions), as_base64);
    data.push_back(render.fill("embedding", {{"index", data.size()}, {"vector", vector}}));
  }
  data.resize(data.size() - std::min(data.size(), asked.wish.items_missing));
  if (asked.wish.items_reversed) std::ranges::reverse(data);
  return render.plain("embeddings", {{"data", data}, {"model", model}, {"tokens", tokens}});
}

answer moderations(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"input"});
  if (!request) return request.error();
  json::object values{{"proof", *proof_of(asked.body)}};
  json::array results;
  for (const auto& text : texts_of(*member(*request, "input"))) {
    const bool violent = text.find("violence") != std::string::npos;
    results.push_back(render.fill("moderation", {{"violent", violent}, {"score", violent ? 0.9375 : 0.000125}}));
  }
  values["results"] = std::move(results);
  if (const auto model = string_member(*request, "model"); !model.empty()) values["model"] = model;
  return render.plain("moderations", values);
}

answer rerank(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"query", "documents"});
  if (!request) return request.error();
  const auto& documents = list_of(member(*request, "documents"));
  const auto proof = *proof_of(asked.body);
  auto order = rank(documents, proof);
  const auto most = limit_member(*request, "top_n").value_or(order.size());
  order.resize(std::min(order.size(), most));
  json::array results;
  for (const auto& [index, score] : order) {
    const auto& document = documents[index];
    const auto text = document.is_string() ? std::string_view(document.get_string()) : string_member(document, "text");
    results.push_back(render.fill("rerank.result", {{"index", index}, {"text", text}, {"score", score}}));
  }
  return render.plain("rerank", {{"proof", proof},
                                 {"model", string_member(*request, "model")},
                                 {"tokens", token_estimate(json::serialize(documents))},
                                 {"results", results}});
}

answer list_models(const call& asked) { return renderer(api, asked).plain("models"); }

answer one_model(const call& asked) { return renderer(api, asked).plain("model"); }

}  // namespace refrain::mock::openai
