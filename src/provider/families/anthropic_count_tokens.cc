#include "provider/families/anthropic_count_tokens.h"

#include <array>

#include "provider/families/anthropic_messages_request.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/single_form.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;
using entry::wire_form;

constexpr std::array<std::string_view, 1> headers_to_keep{"request-id"};

class count_judge final : public answer_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& object) override {
    if (holds_error(object)) return uncacheable_reason::error_event;
    const auto count = object.find("input_tokens");
    return count && count->integer().value_or(-1) >= 0 ? uncacheable_reason::none
                                                       : uncacheable_reason::malformed_answer;
  }

  [[nodiscard]] uncacheable_reason judge() const override { return uncacheable_reason::none; }
  [[nodiscard]] const entry::token_usage& usage() const override { return nothing_; }

 private:
  entry::token_usage nothing_{.input = 0, .cached_input = {}, .output = 0};
};

class anthropic_count_tokens_dialect final : public single_form {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_anthropic_count_request(request.body);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form /*form*/) const override {
    return read_json_answer(std::make_unique<count_judge>());
  }

  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return headers_to_keep; }
};

}  // namespace

const dialect& anthropic_count_tokens() noexcept {
  static const anthropic_count_tokens_dialect only;
  return only;
}

}  // namespace refrain::provider
