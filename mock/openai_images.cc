#include "mock/openai_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/base64.h"
#include "mock/events.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/png.h"
#include "mock/proof.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_images = 10;

std::string image(std::string_view proof, std::int64_t index) {
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint8_t>(std::stoul(std::string(proof.substr(at, 2)), nullptr, 16));
  };
  const auto comment = index == 0 ? fmt::format("proof:{}", proof) : fmt::format("proof:{} {}", proof, index);
  return base::base64_encode(small_png({byte(0), byte(2), byte(4)}, comment));
}

std::int64_t now_of(const call& asked) {
  return std::chrono::time_point_cast<std::chrono::seconds>(asked.at).time_since_epoch().count();
}

/// Members that an answer and each event of a stream have.
json::object look_of(const json::value& request) {
  const auto or_else = [&](std::string_view name, std::string_view otherwise) {
    const auto given = string_member(request, name);
    return json::string(given.empty() || given == "auto" ? otherwise : given);
  };
  return {{"background", or_else("background", "opaque")},
          {"output_format", or_else("output_format", "png")},
          {"quality", or_else("quality", "low")},
          {"size", or_else("size", "1024x1024")}};
}

json::object usage_of(const json::value& request, std::int64_t count) {
  const auto words = token_estimate(string_member(request, "prompt"));
  const auto drawn = static_cast<std::size_t>(count) * 272;
  return {{"input_tokens", words},
          {"input_tokens_details", {{"text_tokens", words}, {"image_tokens", 0}}},
          {"output_tokens", drawn},
          {"total_tokens", words + drawn}};
}

std::vector<std::string> events_of(const json::value& request, std::string_view proof, const call& asked) {
  const auto send = [&](std::string_view type, std::int64_t index) {
    json::object data{{"type", type}, {"b64_json", image(proof, index)}, {"created_at", now_of(asked)}};
    const auto look = look_of(request);
    data.insert(look.begin(), look.end());
    return data;
  };
  std::vector<std::string> events;
  const auto partial = std::clamp<std::int64_t>(count_member(request, "partial_images", 0), 0, 3);
  for (std::int64_t index = 0; index < partial; ++index) {
    auto data = send("image_generation.partial_image", index + 1);
    data["partial_image_index"] = index;
    events.push_back(named_event("image_generation.partial_image", data));
  }
  if (asked.wish.no_done) return events;
  auto last = send("image_generation.completed", 0);
  last["usage"] = usage_of(request, 1);
  events.push_back(named_event("image_generation.completed", last));
  return events;
}

json::object plain(const json::value& request, std::string_view proof, const call& asked) {
  const auto count = std::clamp<std::int64_t>(count_member(request, "n", 1), 1, most_images);
  const bool old_model = string_member(request, "model").starts_with("dall-e");
  const bool behind_links = old_model && string_member(request, "response_format") != "b64_json";
  json::array made;
  for (std::int64_t index = 0; index < count; ++index) {
    if (behind_links) {
      made.push_back({{"url", fmt::format("https://images.example.com/{}/{}.png?se=3600", asked.unique(), index)}});
    } else {
      made.push_back({{"b64_json", image(proof, index)}});
    }
  }
  json::object body{{"created", now_of(asked)}};
  if (!old_model) {
    body = look_of(request);
    body["created"] = now_of(asked);
    body["usage"] = usage_of(request, count);
  }
  body["data"] = std::move(made);
  return body;
}

}  // namespace

answer images(const call& asked) {
  const auto request = read_object(asked, {"prompt"});
  if (!request) return refuse(asked, request.error());
  const auto proof = *proof_of(asked.body);
  if (is_true(*request, "stream")) return event_answer(asked, events_of(*request, proof, asked));
  return json_answer(asked, plain(*request, proof, asked));
}

}  // namespace refrain::mock::openai
