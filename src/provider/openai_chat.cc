#include "provider/openai_chat.h"

#include <array>
#include <utility>

#include "provider/openai_chat_answer.h"
#include "provider/openai_chat_forward.h"
#include "provider/openai_chat_merge.h"
#include "provider/openai_chat_request.h"
#include "provider/openai_chat_split.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

/// A hit's request id leads the provider's support to the call that made the answer. `openai-processing-ms` would tell
/// of a time that the hit did not take, `openai-organization` and rate limits of an account: not kept.
constexpr std::array<std::string_view, 2> headers_to_keep{"openai-version", "x-request-id"};

class openai_chat_dialect final : public dialect {
 public:
  [[nodiscard]] entry::facts read(const request_view& request) const override {
    return read_openai_chat_request(request.body);
  }

  [[nodiscard]] std::string forward_body(std::string_view body, const entry::facts& known,
                                         bool ask_usage) const override {
    return forward_openai_chat_request(body, known, ask_usage);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    return read_openai_chat_answer(form);
  }

  [[nodiscard]] bool can_serve(wire_form recorded_form, bool usage_asked, wire_form wanted,
                               bool wants_usage) const override {
    if (recorded_form == wire_form::plain || usage_asked) return true;
    return wanted == wire_form::stream && !wants_usage;
  }

  [[nodiscard]] base::result<rendering> render(const recorded& answer, wire_form wanted,
                                               bool wants_usage) const override {
    if (answer.form == wanted) return base::fail(base::errc::not_found, "the recording has this form already");
    auto body = wanted == wire_form::plain ? merge_openai_chat_stream(answer.body)
                                           : split_openai_chat_answer(answer.body, wants_usage);
    if (!body) return base::fail(std::move(body).error());
    const char* const type = wanted == wire_form::plain ? "application/json" : "text/event-stream; charset=utf-8";
    return rendering{.content_type = type, .body = *std::move(body)};
  }

  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return headers_to_keep; }
};

}  // namespace

const dialect& openai_chat() noexcept {
  static const openai_chat_dialect only;
  return only;
}

}  // namespace refrain::provider
