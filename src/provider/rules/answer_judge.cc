#include "provider/rules/answer_judge.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace refrain::provider {
namespace {

/// Eight times what OpenAI lets `n` be.
constexpr std::size_t max_choices = 1024;

/// Finish reasons that are not known, and the bytes of each: more is no answer that anybody would allow.
constexpr std::size_t max_finishes = 16;
constexpr std::size_t max_finish_bytes = 64;

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::optional<std::uint64_t> count_of(const canonical_value& usage, std::string_view name, std::string_view other) {
  const auto count = usage.count(name);
  return count ? count : usage.count(other);
}

}  // namespace

uncacheable_reason answer_judge::take(const canonical_value& object) {
  if (!object.is(json_kind::object) || ended_) return uncacheable_reason::malformed_answer;
  return holds_error(object) ? uncacheable_reason::error_event : read(object);
}

verdict answer_judge::conclude(uncacheable_reason found, std::vector<entry::mark> marks) const {
  verdict all{.why_not = found != uncacheable_reason::none ? found : judge(),
              .usage = usage_,
              .marks = std::move(marks),
              .cut_at_length = cut_at_length_};
  if (all.why_not == uncacheable_reason::none && !unknown_finishes_.empty()) {
    all.why_not = uncacheable_reason::unfinished_choice;
    all.unknown_finishes = unknown_finishes_;
  }
  return all;
}

uncacheable_reason answer_judge::take_finish(std::string_view reason, const finish_reasons& known) {
  const auto begins = [reason](std::string_view filter) { return reason.starts_with(filter); };
  if (std::ranges::any_of(known.filtered, begins)) return uncacheable_reason::content_filter;
  if (is_one_of(known.cut, reason)) {
    cut_at_length_ = true;
  } else if (!is_one_of(known.good, reason) &&
             std::ranges::find(unknown_finishes_, reason) == unknown_finishes_.end()) {
    if (reason.size() > max_finish_bytes || unknown_finishes_.size() == max_finishes)
      return uncacheable_reason::unfinished_choice;
    unknown_finishes_.emplace_back(reason);
  }
  return uncacheable_reason::none;
}

uncacheable_reason choices_judge::take_choices(const std::optional<canonical_value>& choices) {
  if (!choices || choices->is(json_kind::null)) return uncacheable_reason::none;
  if (!choices->is(json_kind::array)) return uncacheable_reason::malformed_answer;
  return first_reason(choices, [this](const canonical_value& one) {
    if (!one.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    const auto stated = one.find("index");
    const auto index = stated ? stated->integer().value_or(-1) : 0;
    auto at = std::ranges::find(choices_, index, &choice::index);
    if (at == choices_.end()) {
      if (index < 0 || choices_.size() == max_choices) return uncacheable_reason::malformed_answer;
      at = choices_.insert(at, {.index = index});
    }
    return take_choice(one, at->finished);
  });
}

uncacheable_reason choices_judge::judge() const {
  if (choices_.empty()) return uncacheable_reason::empty_answer;
  if (!std::ranges::all_of(choices_, &choice::finished)) return uncacheable_reason::unfinished_choice;
  return answer_judge::judge();
}

entry::token_usage read_openai_usage(const std::optional<canonical_value>& usage) {
  if (!usage || !usage->is(json_kind::object)) return {};
  auto details = usage->find("prompt_tokens_details");
  if (!details) details = usage->find("input_tokens_details");
  return {.input = count_of(*usage, "prompt_tokens", "input_tokens"),
          .cached_input = details ? details->count("cached_tokens") : std::nullopt,
          .output = count_of(*usage, "completion_tokens", "output_tokens")};
}

void keep_latest(entry::token_usage& usage, const entry::token_usage& event) {
  if (event.input) usage.input = event.input;
  if (event.cached_input) usage.cached_input = event.cached_input;
  if (event.output) usage.output = event.output;
}

bool holds_error(const canonical_value& object) { return object.given("error").has_value(); }

}  // namespace refrain::provider
