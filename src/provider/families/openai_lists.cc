#include "provider/families/openai.h"

#include <array>

#include "provider/rules/plain_json.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::array<std::string_view, 1> image_needs{"prompt"};
constexpr std::array<std::string_view, 1> moderation_needs{"input"};
constexpr std::array<std::string_view, 2> rerank_needs{"query", "documents"};

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

const dialect& openai_images() noexcept {
  static const plain_json only{{.group = "openai",
                                .needs = image_needs,
                                .shown = "prompt",
                                .results = "data",
                                .judge_result = judge_image,
                                .final_event = "image_generation.completed"}};
  return only;
}

const dialect& openai_moderations() noexcept {
  static const plain_json only{{.group = "openai",
                                .needs = moderation_needs,
                                .shown = "input",
                                .results = "results",
                                .judge_result = judge_moderation}};
  return only;
}

const dialect& rerank() noexcept {
  static const plain_json only{{.group = "openai",
                                .needs = rerank_needs,
                                .shown = "query",
                                .results = "results",
                                .judge_result = judge_ranking}};
  return only;
}

}  // namespace refrain::provider
