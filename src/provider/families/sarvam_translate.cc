#include "provider/families/sarvam_translate.h"

#include <algorithm>
#include <array>
#include <memory>

#include "provider/rules/json_answer.h"
#include "provider/rules/json_request.h"
#include "provider/rules/single_form.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::array<std::string_view, 3> needed{"input", "source_language_code", "target_language_code"};

uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  if (std::ranges::any_of(needed, [&](std::string_view name) { return body.text(name).empty(); })) {
    return uncacheable_reason::malformed_body;
  }
  parsed.group = "sarvam";
  parsed.model = body.text("model");
  parsed.query = shown_text(*body.find("input"));
  digest_members(body, {}, parsed);
  return uncacheable_reason::none;
}

class translation_judge final : public answer_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& answer) override {
    if (holds_error(answer)) return uncacheable_reason::error_event;
    const auto text = answer.find("translated_text");
    if (!text || !text->string()) return uncacheable_reason::malformed_answer;
    return text->string()->empty() ? uncacheable_reason::empty_answer : uncacheable_reason::none;
  }
  [[nodiscard]] uncacheable_reason judge() const override { return uncacheable_reason::none; }
  [[nodiscard]] const entry::token_usage& usage() const override { return usage_; }

 private:
  entry::token_usage usage_;
};

class sarvam_translate_dialect final : public single_form {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
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
