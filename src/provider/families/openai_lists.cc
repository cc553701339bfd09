#include "provider/families/openai.h"

#include "provider/rules/plain_json.h"

namespace refrain::provider {
namespace {

/// An image is in the answer itself, or behind a link.
uncacheable_reason judge_image(const canonical_value& image) {
  if (!image.is(json_kind::object)) return uncacheable_reason::malformed_answer;
  if (!image.text("b64_json").empty()) return uncacheable_reason::none;
  const auto link = image.text("url");
  if (link.empty()) return uncacheable_reason::empty_answer;
  return link.starts_with("data:") ? uncacheable_reason::none : uncacheable_reason::expiring_answer;
}

uncacheable_reason judge_moderation(const canonical_value& result) {
  const auto flagged = result.find("flagged");
  return flagged && flagged->boolean() ? uncacheable_reason::none : uncacheable_reason::malformed_answer;
}

uncacheable_reason judge_ranking(const canonical_value& result) {
  const auto index = result.find("index");
  const auto score = result.find("relevance_score");
  return index && index->integer() && score && score->is(json_kind::number) ? uncacheable_reason::none
                                                                            : uncacheable_reason::malformed_answer;
}

constexpr plain_json_rules image_rules{
    .group = "openai",
    .needs = {"prompt"},
    .shown = "prompt",
    .results = "data",
    .judge_result = judge_image,
    .final_event = "image_generation.completed",
};

constexpr plain_json_rules moderation_rules{
    .group = "openai",
    .needs = {"input"},
    .shown = "input",
    .results = "results",
    .judge_result = judge_moderation,
};

constexpr plain_json_rules ranking_rules{
    .group = "openai",
    .needs = {"query", "documents"},
    .shown = "query",
    .results = "results",
    .judge_result = judge_ranking,
};

}  // namespace

constinit const dialect openai_images = plain_json<image_rules>;
constinit const dialect openai_moderations = plain_json<moderation_rules>;
constinit const dialect rerank = plain_json<ranking_rules>;

}  // namespace refrain::provider
