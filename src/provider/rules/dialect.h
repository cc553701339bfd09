#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "provider/rules/answer_judge.h"
#include "provider/wire.h"

namespace refrain::provider {

class batch;

/// Where the last text that a person wrote stands in a dialect's requests, and the text that answers it in its plain
/// answers, as the names of members: what semantic matching compares. Empty names: it compares nothing.
struct text_place {
  std::string_view said{};      ///< of the request: a text, or a list of messages
  std::string_view content{};   ///< of a message: a text, or a list of parts of which only one with `text` will do
  std::string_view barred{};    ///< of the request: where it holds anything, the text does not say it all
  std::string_view answered{};  ///< of a plain answer: the path to its texts, with dots, through lists
};

/// What a dialect is, as functions and data of its own.
struct dialect_rules {
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
  /// Response headers, lower case, that are stored with an entry beside Content-Type.
  std::span<const std::string_view> kept_headers{};
  /// Request headers, lower case, that can change the answer beyond `anthropic-*` and `openai-*`.
  std::span<const std::string_view> key_headers{};
  const batch* items = nullptr;  ///< set where requests may be lists of things that are stored one by one
  text_place last_text{};        ///< where the last text that a person wrote stands
};

/// One endpoint's wire format. Pure: bytes in, bytes out; no sockets, no clock, no state. Any thread.
class dialect {
 public:
  explicit constexpr dialect(const dialect_rules& rules) noexcept : rules_(rules) {}

  /// What the request is. Never fails: what it does not understand is a reason not to cache.
  [[nodiscard]] entry::parsed_request read(const request_view& request) const { return rules_.read(request); }

  /// The body to send upstream: the client's to the letter, less LiteLLM's `cache` member. Where `ask_usage`, with the
  /// member that asks for usage, if the dialect has one and the request is a stream that does not ask itself.
  [[nodiscard]] std::string forward_body(std::string_view body, const entry::parsed_request& parsed,
                                         bool ask_usage) const;

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const;

  /// Whether a 200 with this Content-Type can be an answer in this form at all. Where it cannot, it is not stored.
  [[nodiscard]] bool answers_with(wire_form form, std::string_view content_type) const;

  /// Whether `render` could serve this form from a recording that has the other one or the same.
  /// A stream that was never asked for usage cannot serve a plain request, nor one that wants the usage event.
  [[nodiscard]] bool can_serve(wire_form recorded_form, bool usage_asked, wire_form wanted, bool wants_usage) const;

  /// Turns a recording into the *other* wire form; replay of the same form is the caller's. Fails with not_found where
  /// the recording cannot be turned (it then serves its own form only).
  [[nodiscard]] base::result<rendering> render(const recorded& answer, wire_form wanted, bool wants_usage) const;

  /// The request for semantic matching: requests with an equal `rest` ask the same but for the text. Nothing where the
  /// request is not cached, wants more than one answer in words (tools, a schema, several at once), or there is no one
  /// text that asks: the last message is not a person's, has parts of other kinds (images, results of tools) or
  /// several, or the endpoint's answers must not be another text's.
  [[nodiscard]] std::optional<provider::semantic_view> semantic_view(const request_view& request) const;

  /// What a recorded answer says, without all that tells one answer from another of the same words: ids, times, usage.
  /// Nothing where it says nothing in words, or cannot be read.
  [[nodiscard]] std::optional<std::string> answer_text(const recorded& answer) const;

  [[nodiscard]] const batch* as_batch() const noexcept { return rules_.items; }
  [[nodiscard]] std::span<const std::string_view> key_headers() const noexcept { return rules_.key_headers; }
  [[nodiscard]] std::span<const std::string_view> kept_headers() const noexcept { return rules_.kept_headers; }

 private:
  dialect_rules rules_;
};

/// The failure of `turn`.
[[nodiscard]] std::unexpected<base::error> cannot_turn(std::string_view why);

/// Whether an answer in this form would be stored.
[[nodiscard]] bool is_good_answer(const dialect& wire, wire_form form, std::string_view body);

}  // namespace refrain::provider
