#include "provider/families/ollama_text.h"

#include <utility>

#include "provider/families/ollama_text_forms.h"
#include "provider/families/ollama_text_judge.h"
#include "provider/families/ollama_text_request.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_lines.h"
#include "provider/rules/many_forms.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

class ollama_text final : public many_forms {
 public:
  using request_reader = entry::parsed_request (*)(std::string_view body);

  explicit constexpr ollama_text(request_reader read) noexcept : read_(read) {}

  [[nodiscard]] entry::parsed_request read(const request_view& request) const override { return read_(request.body); }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    return form == wire_form::stream ? read_json_lines(judge_ollama_text()) : read_json_answer(judge_ollama_text());
  }

 private:
  [[nodiscard]] base::result<std::string> turn(const recorded& answer, wire_form wanted) const override {
    return wanted == wire_form::stream ? split_ollama_answer(answer.body) : merge_ollama_lines(answer.body);
  }

  [[nodiscard]] std::string_view type_of(const recorded& /*answer*/, wire_form wanted) const override {
    return wanted == wire_form::stream ? "application/x-ndjson" : "application/json; charset=utf-8";
  }

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
