#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "entry/money.h"
#include "entry/parsed_request.h"
#include "provider/json/canonical_value.h"
#include "provider/rules/answer_judge.h"

namespace refrain::provider {

/// What is known of an answer's choices so far; takes the objects of a stream one after the other, or a plain answer's
/// only one.
class openai_chat_choices final : public answer_judge {
 public:
  /// `carrier` names the member that holds what a choice says: `delta` in a stream, `message` in a plain answer, `text`
  /// in both forms of a completion.
  explicit openai_chat_choices(std::string_view carrier) : carrier_(carrier) {}

  /// Takes an answer object or a chunk. Says what is wrong with it, once and for all.
  [[nodiscard]] entry::uncacheable_reason take(const canonical_value& object) override;

  /// `usage` without a choice.
  [[nodiscard]] bool is_usage_event(const canonical_value& chunk) const override;

  /// After the last one: whether each choice has come to its end and there is something in them.
  [[nodiscard]] entry::uncacheable_reason judge() const override;

  [[nodiscard]] const entry::token_usage& usage() const override { return usage_; }

 private:
  struct choice {
    std::int64_t index = 0;
    bool finished = false;
  };

  entry::uncacheable_reason take_choice(const canonical_value& one);
  choice* find_or_add(std::int64_t index);

  std::string_view carrier_;
  std::vector<choice> choices_;
  bool has_content_ = false;
  entry::token_usage usage_;
};

}  // namespace refrain::provider
