#include "provider/families/gemini_answer.h"

#include <array>

namespace refrain::provider {
namespace {

constexpr std::array<std::string_view, 1> good_finishes{"STOP"};
constexpr std::array<std::string_view, 1> cut_finishes{"MAX_TOKENS"};

constexpr std::array<std::string_view, 12> filters{"SAFETY",
                                                   "RECITATION",
                                                   "LANGUAGE",
                                                   "BLOCKLIST",
                                                   "PROHIBITED_CONTENT",
                                                   "SPII",
                                                   "IMAGE_SAFETY",
                                                   "IMAGE_PROHIBITED_CONTENT",
                                                   "IMAGE_RECITATION",
                                                   "ESCALATION",
                                                   "MODEL_ARMOR",
                                                   "PUP_LIMITED_DISABLED"};

constexpr finish_reasons finishes{.good = good_finishes, .cut = cut_finishes, .filtered = filters};

std::optional<std::uint64_t> sum(std::optional<std::uint64_t> one, std::optional<std::uint64_t> other) {
  if (!one || !other) return one ? one : other;
  return *one + *other;
}

bool says_something(const canonical_value& candidate) {
  const auto content = candidate.find("content");
  // A signature alone, or the mark of a thought, says nothing.
  return content && any_element(content->find("parts"), [](const canonical_value& part) {
           return part.holds_more_than({"thought", "thoughtSignature"});
         });
}

class content_judge final : public choices_judge {
  [[nodiscard]] uncacheable_reason read(const canonical_value& chunk) override {
    if (const auto usage = chunk.find("usageMetadata")) keep_latest(usage_, read_gemini_usage(*usage));
    const auto feedback = chunk.find("promptFeedback");
    if (feedback && !feedback->text("blockReason").empty()) return uncacheable_reason::content_filter;
    return take_choices(chunk.find("candidates"));
  }

  uncacheable_reason take_choice(const canonical_value& one, bool& finished) override {
    has_content_ = has_content_ || says_something(one);
    const auto stated = one.given("finishReason");
    if (stated && !stated->is(json_kind::string)) return uncacheable_reason::malformed_answer;
    const auto reason = one.text("finishReason");
    if (reason.empty()) return uncacheable_reason::none;
    finished = true;
    return take_finish(reason, finishes);
  }
};

}  // namespace

std::unique_ptr<answer_judge> judge_gemini_content() { return std::make_unique<content_judge>(); }

entry::token_usage read_gemini_usage(const canonical_value& usage) {
  return {.input = sum(usage.count("promptTokenCount"), usage.count("toolUsePromptTokenCount")),
          .cached_input = usage.count("cachedContentTokenCount"),
          .output = sum(usage.count("candidatesTokenCount"), usage.count("thoughtsTokenCount"))};
}

}  // namespace refrain::provider
