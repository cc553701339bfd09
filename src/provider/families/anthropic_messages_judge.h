#pragma once

#include <cstdint>
#include <optional>

#include "entry/entry.h"
#include "provider/rules/answer_judge.h"

namespace refrain::provider {

/// Judges an answer of Anthropic's messages: the events of a stream, or a plain answer's message.
///
/// Stored is what ends with `message_stop`, has a `stop_reason` (`max_tokens` and a `refusal` are answers) and
/// something in its content, and no error. A container, or a credit for a refusal, is state that the provider keeps for
/// minutes: a message that names one is not stored. `ping` and events that nobody knows may stand anywhere before the
/// end.
class anthropic_messages_judge final : public answer_judge {
 public:
  explicit anthropic_messages_judge(entry::wire_form form) : form_(form) {}

  [[nodiscard]] entry::uncacheable_reason take(const canonical_value& object) override;
  [[nodiscard]] bool ended() const override { return ended_; }
  [[nodiscard]] entry::uncacheable_reason judge() const override;

  /// Anthropic counts what it read from its prompt cache, and what it wrote there, beside the other input tokens.
  [[nodiscard]] const entry::token_usage& usage() const override { return usage_; }

 private:
  entry::uncacheable_reason take_event(const canonical_value& event);
  entry::uncacheable_reason take_start(const canonical_value& event);
  entry::uncacheable_reason take_message(const canonical_value& message);
  entry::uncacheable_reason take_part(const std::optional<canonical_value>& part);
  entry::uncacheable_reason take_end(const canonical_value& end);
  void take_usage(const canonical_value& object);

  /// As the last event that had them said: its counts are of the whole message.
  struct counts {
    std::optional<std::uint64_t> input;
    std::optional<std::uint64_t> cache_read;
    std::optional<std::uint64_t> cache_creation;
    std::optional<std::uint64_t> output;
  };

  entry::wire_form form_;
  counts counted_;
  entry::token_usage usage_;
  bool started_ = false;
  bool has_content_ = false;
  bool has_stop_reason_ = false;
  bool ended_ = false;
};

}  // namespace refrain::provider
