#include "provider/openai_responses.h"

#include <utility>

#include "provider/litellm_wishes.h"
#include "provider/openai_headers.h"
#include "provider/openai_responses_answer.h"
#include "provider/openai_responses_forms.h"
#include "provider/openai_responses_request.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

class openai_responses_dialect final : public dialect {
 public:
  [[nodiscard]] entry::facts read(const request_view& request) const override {
    return read_openai_responses_request(request.body);
  }

  [[nodiscard]] std::string forward_body(std::string_view body, const entry::facts& known,
                                         bool /*ask_usage*/) const override {
    return without_litellm_wishes(body, known);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    return read_openai_responses_answer(form);
  }

  /// Usage is a member of the response: every recording has it.
  [[nodiscard]] bool can_serve(wire_form /*recorded_form*/, bool /*usage_asked*/, wire_form /*wanted*/,
                               bool /*wants_usage*/) const override {
    return true;
  }

  [[nodiscard]] base::result<rendering> render(const recorded& answer, wire_form wanted,
                                               bool /*wants_usage*/) const override {
    if (answer.form == wanted) return base::fail(base::errc::not_found, "the recording has this form already");
    auto body = wanted == wire_form::plain ? response_in_stream(answer.body) : stream_of_response(answer.body);
    if (!body) return base::fail(std::move(body).error());
    return rendering{.content_type = std::string(content_type_of(wanted)), .body = *std::move(body)};
  }

  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return openai_kept_headers; }
};

}  // namespace

const dialect& openai_responses() noexcept {
  static const openai_responses_dialect only;
  return only;
}

}  // namespace refrain::provider
