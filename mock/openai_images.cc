#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/base64.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/png.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_images = 10;
constexpr std::size_t tokens_of_image = 272;

/// An image in base64, in a colour that the proof decides.
std::string image(std::string_view proof, std::int64_t index) {
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint8_t>(std::stoul(std::string(proof.substr(at, 2)), nullptr, 16));
  };
  const auto comment = index == 0 ? fmt::format("proof:{}", proof) : fmt::format("proof:{} {}", proof, index);
  return base::base64_encode(small_png({byte(0), byte(2), byte(4)}, comment));
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

json::value usage_of(const renderer& render, const json::value& request, std::int64_t count) {
  const auto words = token_estimate(string_member(request, "prompt"));
  const auto drawn = static_cast<std::size_t>(count) * tokens_of_image;
  return render.fill("images.usage",
                     {{"input_tokens", words}, {"output_tokens", drawn}, {"total_tokens", words + drawn}});
}

answer streamed(const renderer& render, const json::value& request, std::string_view proof, const call& asked) {
  std::vector<std::string> events;
  const auto partial = std::clamp<std::int64_t>(count_member(request, "partial_images", 0), 0, 3);
  for (std::int64_t index = 0; index < partial; ++index) {
    events.push_back(render.named_event(
        "images.event",
        {{"type", "image_generation.partial_image"}, {"image", image(proof, index + 1)}, {"index", index}}));
  }
  if (asked.wish.no_done) return render.stream(std::move(events));
  events.push_back(render.named_event(
      "images.event",
      {{"type", "image_generation.completed"}, {"image", image(proof, 0)}, {"usage", usage_of(render, request, 1)}}));
  return render.stream(std::move(events));
}

answer plain(const renderer& render, const json::value& request, std::string_view proof) {
  const auto count = std::clamp<std::int64_t>(count_member(request, "n", 1), 1, most_images);
  const bool old_model = string_member(request, "model").starts_with("dall-e");
  const bool behind_links = old_model && string_member(request, "response_format") != "b64_json";
  json::array made;
  for (std::int64_t index = 0; index < count; ++index) {
    if (behind_links) {
      made.push_back(render.fill("images.link", {{"index", index}}));
    } else {
      made.push_back({{"b64_json", image(proof, index)}});
    }
  }
  json::object values{{"look", !old_model}, {"data", std::move(made)}};
  if (!old_model) values["usage"] = usage_of(render, request, count);
  return render.plain("images", values);
}

}  // namespace

answer images(const call& asked) {
  renderer render(api, asked);
  const auto request = render.request({"prompt"});
  if (!request) return request.error();
  render.set(look_of(*request));
  const auto proof = *proof_of(asked.body);
  return is_true(*request, "stream") ? streamed(render, *request, proof, asked) : plain(render, *request, proof);
}

}  // namespace refrain::mock::openai
