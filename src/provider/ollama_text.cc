#include "provider/ollama_text.h"

#include <utility>

#include "provider/json_answer.h"
#include "provider/json_lines.h"
#include "provider/ollama_text_forms.h"
#include "provider/ollama_text_judge.h"
#include "provider/ollama_text_request.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

class ollama_text final : public dialect {
 public:
  using request_reader = entry::facts (*)(std::string_view body);

  explicit constexpr ollama_text(request_reader read) noexcept : read_(read) {}

  [[nodiscard]] entry::facts read(const request_view& request) const override { return read_(request.body); }

  [[nodiscard]] std::string forward_body(std::string_view body, const entry::facts& /*known*/,
                                         bool /*ask_usage*/) const override {
    return std::string{body};
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    return form == wire_form::stream ? read_json_lines(judge_ollama_text()) : read_json_answer(judge_ollama_text());
  }

  [[nodiscard]] bool can_serve(wire_form /*recorded_form*/, bool /*usage_asked*/, wire_form /*wanted*/,
                               bool /*wants_usage*/) const override {
    return true;
  }

  [[nodiscard]] base::result<rendering> render(const recorded& answer, wire_form wanted,
                                               bool /*wants_usage*/) const override {
    if (answer.form == wanted) return base::fail(base::errc::not_found, "the recording has this form already");
    const bool to_stream = wanted == wire_form::stream;
    auto body = to_stream ? split_ollama_answer(answer.body) : merge_ollama_lines(answer.body);
    if (!body) return base::fail(std::move(body).error());
    return rendering{.content_type = to_stream ? "application/x-ndjson" : "application/json; charset=utf-8",
                     .body = *std::move(body)};
  }

 private:
  request_reader read_;
};

}  // namespace

const dialect& ollama_chat() noexcept {
  static const ollama_text only{read_ollama_chat_request};
  return only;
}

const dialect& ollama_generate() noexcept {
  static const ollama_text only{read_ollama_generate_request};
  return only;
}

}  // namespace refrain::provider
