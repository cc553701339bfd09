#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/json.hpp>

#include "base/base64.h"
#include "mock/dice.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/png.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/text.h"

/// The endpoints that answer with a list of results.
namespace refrain::mock {
namespace {

using openai::api;

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

/// A score for each document, the highest first, with the document's index.
std::vector<std::pair<double, std::size_t>> rank(const json::array& documents, std::string_view proof) {
  std::vector<std::pair<double, std::size_t>> all;
  dice pick(std::stoull(std::string(proof), nullptr, 16), 0);
  for (std::size_t index = 0; index < documents.size(); ++index) all.emplace_back(pick.share(), index);
  std::ranges::sort(all, std::greater{});
  return all;
}

constexpr std::int64_t most_images = 10;
constexpr std::int64_t most_partial = 3;
constexpr std::size_t tokens_of_image = 272;

/// An image in base64, in a colour that the proof decides.
std::string image(std::string_view proof, std::int64_t index) {
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint8_t>(std::stoul(std::string(proof.substr(at, 2)), nullptr, 16));
  };
  const auto comment = index == 0 ? fmt::format("proof:{}", proof) : fmt::format("proof:{} {}", proof, index);
  return base::base64_encode(small_png({byte(0), byte(2), byte(4)}, comment));
}

/// So many images, the first of them with the number `first`.
json::array images_from(std::string_view proof, std::int64_t first, std::int64_t count) {
  json::array all;
  for (std::int64_t at = 0; at < count; ++at) all.push_back({{"index", at}, {"image", image(proof, first + at)}});
  return all;
}

/// How the images look, with the API's defaults.
json::object look_of(const json::value& request) {
  json::object look{{"background", "opaque"}, {"output_format", "png"}, {"quality", "low"}, {"size", "1024x1024"}};
  for (auto& one : look) {
    const auto given = string_member(request, one.key());
    if (!given.empty() && given != "auto") one.value() = given;
  }
  return look;
}

/// POST .../embeddings: a vector for each input, as numbers or in base64 (`encoding_format`), of `dimensions` floats
/// (8). The vector proves its input: it follows from the input's JSON text and the model alone, so that it is the same
/// whatever else was asked for with it. Knows the faults x-mock-missing and x-mock-reversed. Needs `input` and `model`.
answer embeddings(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"input", "model"});
  if (!request) return request.error();
  const auto model = string_member(*request, "model");
  const auto dimensions = std::clamp<std::int64_t>(count_member(*request, "dimensions", 8), 1, 4096);
  const bool as_base64 = string_member(*request, "encoding_format") == "base64";
  json::array vectors;
  std::uint64_t tokens = 0;
  for (const auto& input : inputs_of(*member(*request, "input"))) {
    tokens += input.is_string() ? token_estimate(input.get_string()) : input.is_array() ? input.get_array().size() : 1;
    const auto vector = written(embedding_of(input, model, dimensions), as_base64);
    vectors.push_back({{"index", vectors.size()}, {"vector", vector}});
  }
  vectors.resize(vectors.size() - std::min(vectors.size(), asked.how.items_missing));
  if (asked.how.items_reversed) std::ranges::reverse(vectors);
  return render.plain("embeddings", {{"vectors", vectors}, {"model", model}, {"tokens", tokens}});
}

/// POST .../moderations: one result for each input, flagged where its text holds "violence". `id` holds the body's
/// proof behind "modr-". Needs `input`.
answer moderations(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"input"});
  if (!request) return request.error();
  json::array texts;
  for (const auto& text : texts_of(*member(*request, "input"))) {
    const bool violent = text.find("violence") != std::string::npos;
    texts.push_back({{"violent", violent}, {"score", violent ? 0.9375 : 0.000125}});
  }
  json::object values{{"proof", *proof_of(asked.body)}, {"texts", std::move(texts)}};
  if (const auto model = string_member(*request, "model"); !model.empty()) values["model"] = model;
  return render.plain("moderations", values);
}

/// POST .../rerank, in vLLM's shape: the documents, the best first, at most `top_n`; scores follow from the body's
/// proof, which `id` holds behind "rerank-". Needs `query` and `documents`.
answer rerank(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"query", "documents"});
  if (!request) return request.error();
  const auto& documents = list_of(member(*request, "documents"));
  const auto proof = *proof_of(asked.body);
  auto order = rank(documents, proof);
  const auto most = limit_member(*request, "top_n").value_or(order.size());
  order.resize(std::min(order.size(), most));
  json::array ranked;
  for (const auto& [score, index] : order) {
    const auto& document = documents[index];
    const auto text = document.is_string() ? std::string_view(document.get_string()) : string_member(document, "text");
    ranked.push_back({{"index", index}, {"text", text}, {"score", score}});
  }
  return render.plain("rerank", {{"proof", proof},
                                 {"model", string_member(*request, "model")},
                                 {"tokens", token_estimate(json::serialize(documents))},
                                 {"ranked", ranked}});
}

/// POST .../images/generations: real PNG images (png.h) whose comment is "proof:<the body's proof>" and, from the
/// second on, the number of the image. As base64, or behind links for DALL-E models unless `response_format` is
/// `b64_json`. `stream` gives `partial_images` images on the way, then the last. Needs `prompt`.
answer images(const call& asked) {
  renderer render(api, asked);
  const auto request = render.request({"prompt"});
  if (!request) return request.error();
  const auto proof = *proof_of(asked.body);
  const bool streams = is_true(*request, "stream");
  const auto count = streams ? 1 : std::clamp<std::int64_t>(count_member(*request, "n", 1), 1, most_images);
  const auto words = token_estimate(string_member(*request, "prompt"));
  const auto drawn = static_cast<std::size_t>(count) * tokens_of_image;
  const bool old_model = string_member(*request, "model").starts_with("dall-e");
  render.set(look_of(*request));
  render.set({{"new_model", !old_model},
              {"links", old_model && string_member(*request, "response_format") != "b64_json"},
              {"images", images_from(proof, 0, count)},
              {"input_tokens", words},
              {"output_tokens", drawn},
              {"total_tokens", words + drawn},
              {"done", !asked.how.no_done}});
  if (!streams) return render.plain("images");
  const auto partial = std::clamp<std::int64_t>(count_member(*request, "partial_images", 0), 0, most_partial);
  render.set({{"partial", images_from(proof, 1, partial)}});
  return render.stream(render.pieces(stream_form::named_event, "images.stream"));
}

constexpr route rows[] = {
    {"POST", "*/embeddings", &api, embeddings},
    {"POST", "*/images/generations", &api, images},
    {"POST", "*/moderations", &api, moderations},
    {"POST", "*/rerank", &api, rerank},
    fixed("*/models", api, "models"),
    fixed("*/models/*", api, "model"),
};

}  // namespace

constinit const std::span<const route> openai_list_routes{rows};

}  // namespace refrain::mock
