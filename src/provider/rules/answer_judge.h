#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entry/money.h"
#include "entry/parsed_request.h"
#include "provider/json/canonical_value.h"
#include "provider/wire.h"

namespace refrain::provider {

/// The finish reasons of a provider's answers. What stands in none of these lists is not known to be good.
struct finish_reasons {
  std::span<const std::string_view> good;        ///< the model came to its end
  std::span<const std::string_view> cut;         ///< it came to the length that was asked for
  std::span<const std::string_view> filtered{};  ///< the provider's filter; more may follow, as in "filter: violence"
};

/// What an endpoint knows of its own answers: it is given their JSON objects one after the other, the only one of a
/// plain answer or those of a stream's events, and says what they come to. `json_answer.h` feeds it.
class answer_judge {
 public:
  virtual ~answer_judge() = default;

  /// Takes the next object. Says what is wrong with it, once and for all: it is no object, comes after the one that
  /// ended the stream, has an `error`, or what `read` finds.
  [[nodiscard]] uncacheable_reason take(const canonical_value& object);

  /// Whether the object that was taken last ends the stream. Never, where `[DONE]` does.
  [[nodiscard]] bool ended() const { return ended_; }

  /// Whether an event reports usage and nothing else, so that a replay may leave it out.
  [[nodiscard]] virtual bool is_usage_event(const canonical_value& /*event*/) const { return false; }

  /// After the last one: whether it is a whole answer with something in it.
  [[nodiscard]] virtual uncacheable_reason judge() const {
    return has_content_ ? uncacheable_reason::none : uncacheable_reason::empty_answer;
  }

  /// The verdict on all of it. `found`: what was wrong with an object.
  [[nodiscard]] verdict conclude(uncacheable_reason found, std::vector<entry::mark> marks = {}) const;

 protected:
  [[nodiscard]] virtual uncacheable_reason read(const canonical_value& object) = 0;

  /// Takes a finish reason that is not empty: content_filter where it is the filter's, else none. One that is not known
  /// does not keep the rest from being judged.
  [[nodiscard]] uncacheable_reason take_finish(std::string_view reason, const finish_reasons& known);

  entry::token_usage usage_;
  bool has_content_ = false;
  bool ended_ = false;

 private:
  std::vector<std::string> unknown_finishes_;
  bool cut_at_length_ = false;
};

/// A judge of plain answers alone, by one function: it is given an object without an error, and says what it used.
using judge_function = uncacheable_reason (*)(const canonical_value& answer, entry::token_usage& used);

/// A judge of answers with several choices, told apart by their `index`: whole once each has come to its end and there
/// is something in them.
class choices_judge : public answer_judge {
 public:
  [[nodiscard]] uncacheable_reason judge() const final;

 protected:
  /// Gives each choice that a stream's chunk or a plain answer holds to `take_choice`.
  uncacheable_reason take_choices(const std::optional<canonical_value>& choices);

  /// What is wrong with a choice; `finished` is set once it has come to its end.
  virtual uncacheable_reason take_choice(const canonical_value& one, bool& finished) = 0;

 private:
  struct choice {
    std::int64_t index = 0;
    bool finished = false;
  };

  std::vector<choice> choices_;
};

/// What OpenAI's `usage` objects count, in either of their spellings (`prompt_tokens`, `input_tokens`); nothing of what
/// is no object.
[[nodiscard]] entry::token_usage read_openai_usage(const std::optional<canonical_value>& usage);

/// Takes what an event counts, each of which counts all that there was up to it, as far as it counts at all.
void keep_latest(entry::token_usage& usage, const entry::token_usage& event);

/// Whether an object has a member `error` that is not null.
[[nodiscard]] bool holds_error(const canonical_value& object);

/// What is wrong with a list of which `judge_one` judges each; empty_answer where nothing is in it.
template <class Judge>
[[nodiscard]] uncacheable_reason judge_each(const std::optional<canonical_value>& list, Judge judge_one) {
  if (!list || !list->is(json_kind::array)) return uncacheable_reason::malformed_answer;
  return list->holds_something() ? first_reason(list, judge_one) : uncacheable_reason::empty_answer;
}

}  // namespace refrain::provider
