#include "provider/families/openai.h"

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

}  // namespace

constinit const plain_json openai_images{{
    .group = "openai",
    .needs = {"prompt"},
    .shown = "prompt",
    .results = "data",
    .judge_result = judge_image,
    .final_event = "image_generation.completed",
}};

constinit const plain_json openai_moderations{{
    .group = "openai",
    .needs = {"input"},
    .shown = "input",
    .results = "results",
    .judge_result = judge_moderation,
}};

constinit const plain_json rerank{{
    .group = "openai",
    .needs = {"query", "documents"},
    .shown = "query",
    .results = "results",
    .judge_result = judge_ranking,
}};

}  // namespace refrain::provider
