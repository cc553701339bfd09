#include "mock/gemini.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "mock/embedding_vector.h"
#include "mock/gemini_request.h"
#include "mock/json.h"
#include "mock/renderer.h"
#include "mock/text.h"

/// What is not about content, and what all endpoints share.
namespace refrain::mock::gemini {
namespace {

namespace json = boost::json;

json::value embedding_of_item(const json::value& item, std::string_view model) {
  const auto wanted = std::clamp<std::int64_t>(count_member(item, "outputDimensionality", 8), 1, 3072);
  const json::array input{*member(item, "content"), string_member(item, "taskType"), string_member(item, "title")};
  const auto vector = embedding_of(input, model, wanted);
  return {{"values", json::array(vector.begin(), vector.end())}};
}

/// The contents to embed; nothing where one is missing.
std::optional<json::array> items_of(const call& asked, bool batch) {
  const auto request = parse_json(asked.body);
  if (!request || !request->is_object()) return std::nullopt;
  auto items = batch ? list_of(member(*request, "requests")) : json::array{*request};
  const bool whole = std::ranges::all_of(items, [](const auto& one) { return member(one, "content") != nullptr; });
  return whole && !items.empty() ? std::optional(std::move(items)) : std::nullopt;
}

json::value model_object(const renderer& render, std::string_view name) {
  return render.fill(name.find("embedding") == std::string_view::npos ? "model" : "model.embedding", {{"name", name}});
}

}  // namespace

target target_of(const call& asked) {
  const auto path = asked.path();
  const auto resource = path.substr(path.rfind('/') + 1);
  const auto colon = resource.rfind(':');
  if (colon == std::string_view::npos) return {.model = resource, .verb = {}};
  return {.model = resource.substr(0, colon), .verb = resource.substr(colon + 1)};
}

bool wants_array(const call& asked) {
  return target_of(asked).verb == "streamGenerateContent" && asked.parameter("alt") != "sse";
}

answer embed_content(const call& asked) {
  const renderer render(api, asked);
  const auto [model, verb] = target_of(asked);
  const bool batch = verb == "batchEmbedContents";
  const auto items = items_of(asked, batch);
  if (!items) return render.refuse("no_content");
  json::array embeddings;
  std::size_t tokens = 0;
  for (const auto& item : *items) {
    embeddings.push_back(embedding_of_item(item, model));
    tokens += token_estimate(json::serialize(*member(item, "content")));
  }
  embeddings.resize(embeddings.size() - std::min(embeddings.size(), asked.wish.items_missing));
  json::object values;
  if (batch) {
    values["embeddings"] = std::move(embeddings);
  } else {
    values["embedding"] = embeddings.empty() ? json::value(nullptr) : embeddings.front();
  }
  if (!asked.wish.no_usage) values["tokens"] = tokens;
  return render.plain("embedding", values);
}

answer list_models(const call& asked) {
  const renderer render(api, asked);
  json::array models;
  for (const auto& name : list_of(render.find("names"))) models.push_back(model_object(render, name.as_string()));
  return render.plain("models", {{"models", models}});
}

answer one_model(const call& asked) {
  const renderer render(api, asked);
  return {.content_type = std::string(api.json_type),
          .pieces = {json::serialize(model_object(render, target_of(asked).model))}};
}

}  // namespace refrain::mock::gemini
