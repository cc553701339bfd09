#include "provider/sarvam_translate.h"

#include <algorithm>
#include <array>
#include <memory>

#include "provider/json_answer.h"
#include "provider/openai_request.h"
#include "provider/single_form.h"

namespace refrain::provider {
namespace {

using entry::refusal;

constexpr std::array<std::string_view, 3> needed{"input", "source_language_code", "target_language_code"};

refusal read_body(const canonical_value& body, entry::facts& known) {
  if (std::ranges::any_of(needed, [&](std::string_view name) { return body.text(name).empty(); })) {
    return refusal::malformed_body;
  }
  known.place = "sarvam";
  known.model = body.text("model");
  known.query = shown_text(*body.find("input"));
  digest_members(body, {}, known);
  return refusal::none;
}

class translation_judge final : public answer_judge {
 public:
  [[nodiscard]] refusal take(const canonical_value& answer) override {
    if (holds_error(answer)) return refusal::error_event;
    const auto text = answer.find("translated_text");
    if (!text || !text->string()) return refusal::malformed_answer;
    return text->string()->empty() ? refusal::empty_answer : refusal::none;
  }
  [[nodiscard]] refusal judge() const override { return refusal::none; }
  [[nodiscard]] const entry::token_usage& usage() const override { return usage_; }

 private:
  entry::token_usage usage_;
};

class sarvam_translate_dialect final : public single_form {
 public:
  [[nodiscard]] entry::facts read(const request_view& request) const override {
    return read_request(request.body, read_body);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(entry::wire_form /*form*/) const override {
    return read_json_answer(std::make_unique<translation_judge>());
  }
};

}  // namespace

const dialect& sarvam_translate() noexcept {
  static const sarvam_translate_dialect only;
  return only;
}

}  // namespace refrain::provider
