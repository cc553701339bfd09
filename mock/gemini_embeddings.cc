#include "mock/gemini_embeddings.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "mock/embedding_vector.h"
#include "mock/gemini.h"
#include "mock/json.h"
#include "mock/text.h"

namespace refrain::mock::gemini {
namespace {

namespace json = boost::json;

json::object embedding_for(const json::value& item, std::string_view model) {
  const auto wanted = std::clamp<std::int64_t>(count_member(item, "outputDimensionality", 8), 1, 3072);
  const json::array input{*member(item, "content"), string_member(item, "taskType"), string_member(item, "title")};
  const auto vector = embedding_of(input, model, wanted);
  return {{"values", json::array(vector.begin(), vector.end())}};
}

/// The contents to embed; nothing where one is missing.
std::optional<json::array> items_of(const call& asked, bool batch) {
  const auto request = parse_json(asked.body);
  if (!request || !request->is_object()) return std::nullopt;
  const auto* list = member(*request, "requests");
  if (batch && (list == nullptr || !list->is_array() || list->get_array().empty())) return std::nullopt;
  auto items = batch ? list->get_array() : json::array{*request};
  const bool whole = std::ranges::all_of(items, [](const auto& one) { return member(one, "content") != nullptr; });
  return whole ? std::optional(std::move(items)) : std::nullopt;
}

}  // namespace

answer embed_content(const call& asked) {
  const auto [model, verb] = target_of(asked);
  const bool batch = verb == "batchEmbedContents";
  const auto items = items_of(asked, batch);
  if (!items)
    return refuse(asked, {.status = 400, .message = "* EmbedContentRequest.content: content is not specified\n"});
  json::array embeddings;
  std::size_t tokens = 0;
  for (const auto& item : *items) {
    embeddings.push_back(embedding_for(item, model));
    tokens += token_estimate(json::serialize(*member(item, "content")));
  }
  embeddings.resize(embeddings.size() - std::min(embeddings.size(), asked.wish.items_missing));
  json::object body;
  if (batch) {
    body["embeddings"] = std::move(embeddings);
  } else {
    body["embedding"] = embeddings.empty() ? json::value(nullptr) : embeddings.front();
  }
  if (!asked.wish.no_usage) body["usageMetadata"] = {{"promptTokenCount", tokens}};
  return json_answer(body);
}

}  // namespace refrain::mock::gemini
