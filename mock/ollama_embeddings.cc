#include "mock/ollama_embeddings.h"

#include <algorithm>
#include <boost/json.hpp>

#include "mock/embedding_vector.h"
#include "mock/json.h"
#include "mock/ollama.h"
#include "mock/text.h"

namespace refrain::mock::ollama {
namespace {

namespace json = boost::json;

/// The texts, without an only one that is empty.
json::array texts_of(const json::value* input) {
  if (input == nullptr) return {};
  if (const auto* list = input->if_array()) return *list;
  return *input == "" ? json::array{} : json::array{*input};
}

json::array numbers(const std::vector<float>& vector) { return json::array(vector.begin(), vector.end()); }

answer refuse_model(const call& asked) { return refuse(asked, {.status = 400, .message = "model is required"}); }

}  // namespace

answer embed(const call& asked) {
  const auto request = parse_json(asked.body);
  if (!request || string_member(*request, "model").empty()) return refuse_model(asked);
  const auto model = string_member(*request, "model");
  const auto dimensions = std::clamp<std::int64_t>(count_member(*request, "dimensions", 8), 1, 4096);
  json::array vectors;
  std::size_t tokens = 0;
  for (const auto& text : texts_of(member(*request, "input"))) {
    vectors.push_back(numbers(embedding_of(text, model, dimensions)));
    tokens += token_estimate(json::serialize(text));
  }
  vectors.resize(vectors.size() - std::min(vectors.size(), asked.wish.items_missing));
  json::object body{{"model", model},
                    {"embeddings", std::move(vectors)},
                    {"total_duration", 14'000'000 + asked.number},
                    {"load_duration", 1'000'000 + asked.number}};
  if (!asked.wish.no_usage) body["prompt_eval_count"] = tokens;
  return json_answer(body);
}

answer embeddings(const call& asked) {
  const auto request = parse_json(asked.body);
  if (!request || string_member(*request, "model").empty()) return refuse_model(asked);
  const auto* prompt = member(*request, "prompt");
  const bool empty = prompt == nullptr || *prompt == "";
  return json_answer(
      {{"embedding", empty ? json::array{} : numbers(embedding_of(*prompt, string_member(*request, "model"), 8))}});
}

}  // namespace refrain::mock::ollama
