#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "provider/dialect.h"
#include "provider/rules/answer_judge.h"
#include "provider/rules/last_text.h"

namespace refrain::provider {

/// What an endpoint's dialect is, as functions and data of its own.
struct endpoint_rules {
  /// As dialect::read; `read_json` makes one of a function that reads the body.
  entry::parsed_request (*read)(const request_view& request) = nullptr;
  /// As dialect::read_answer; null: an answer is plain, audio or judged by `judge`.
  std::unique_ptr<answer_reader> (*read_answer)(wire_form form) = nullptr;
  judge_function judge = nullptr;

  /// The body of a recording in a form that is not its own, as dialect::render; null where answers have one form.
  base::result<std::string> (*turn)(const recorded& answer, wire_form wanted, bool wants_usage) = nullptr;
  /// As dialect::can_serve; null: every form serves all others where there is `turn`.
  bool (*serves)(wire_form from, bool usage_asked, wire_form wanted, bool wants_usage) = nullptr;

  bool is_audio = false;                            ///< a plain answer is audio, of the type that its codec has
  std::string_view json_type = "application/json";  ///< of plain answers, and of arrays
  std::string_view stream_type = "text/event-stream; charset=utf-8";  ///< of all other forms

  bool asks_usage = false;  ///< whether usage can be asked for, as OpenAI's streams have it
  std::span<const std::string_view> kept_headers{};
  std::span<const std::string_view> key_headers{};
  const batch* items = nullptr;  ///< as dialect::as_batch
  text_place last_text{};        ///< where the last text that a person wrote stands
};

/// A dialect by its rules.
class endpoint : public dialect {
 public:
  explicit constexpr endpoint(const endpoint_rules& rules) noexcept : rules_(rules) {}

  [[nodiscard]] entry::parsed_request read(const request_view& request) const override;
  [[nodiscard]] std::string forward_body(std::string_view body, const entry::parsed_request& parsed,
                                         bool ask_usage) const final;
  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override;
  [[nodiscard]] bool answers_with(wire_form form, std::string_view content_type) const final;
  [[nodiscard]] bool can_serve(wire_form recorded_form, bool usage_asked, wire_form wanted,
                               bool wants_usage) const final;
  [[nodiscard]] base::result<rendering> render(const recorded& answer, wire_form wanted, bool wants_usage) const final;
  [[nodiscard]] const batch* as_batch() const final { return rules_.items; }
  [[nodiscard]] std::optional<provider::semantic_view> semantic_view(const request_view& request) const final;
  [[nodiscard]] std::span<const std::string_view> key_headers() const final { return rules_.key_headers; }
  [[nodiscard]] std::span<const std::string_view> kept_headers() const final { return rules_.kept_headers; }

 private:
  endpoint_rules rules_;
};

/// The failure of `turn`.
[[nodiscard]] std::unexpected<base::error> cannot_turn(std::string_view why);

/// Whether an answer in this form would be stored.
[[nodiscard]] bool is_good_answer(const dialect& wire, wire_form form, std::string_view body);

}  // namespace refrain::provider
