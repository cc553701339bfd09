#include "provider/families/anthropic_messages.h"

#include <array>
#include <utility>

#include "provider/families/anthropic_messages_judge.h"
#include "provider/families/anthropic_messages_merge.h"
#include "provider/families/anthropic_messages_request.h"
#include "provider/families/anthropic_messages_split.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/many_forms.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

/// A hit's request id leads the provider's support to the call that made the answer. Rate limits and the organization
/// are of an account: not kept.
constexpr std::array<std::string_view, 1> headers_to_keep{"request-id"};

class anthropic_messages_dialect final : public many_forms {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_anthropic_messages_request(request.body);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    auto judge = std::make_unique<anthropic_messages_judge>(form);
    if (form == wire_form::stream) return read_event_stream(std::move(judge), stream_end::final_event);
    return read_json_answer(std::move(judge));
  }

  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return headers_to_keep; }

 private:
  [[nodiscard]] base::result<std::string> turn(const recorded& answer, wire_form wanted) const override {
    auto body = wanted == wire_form::plain ? merge_anthropic_stream(answer.body) : split_anthropic_message(answer.body);
    if (body && !is_answer(*body, wanted)) {
      return base::fail(base::errc::not_found, "what the recording becomes is no answer");
    }
    return body;
  }

  [[nodiscard]] std::string_view type_of(const recorded& /*answer*/, wire_form wanted) const override {
    return wanted == wire_form::plain ? "application/json" : "text/event-stream; charset=utf-8";
  }

  /// Events may say things of a message that spoil it, such as a `content` that is none: nothing is served that would
  /// not have been stored.
  [[nodiscard]] bool is_answer(std::string_view body, wire_form form) const {
    const auto reader = read_answer(form);
    reader->feed(body);
    return reader->finish().why_not == entry::uncacheable_reason::none;
  }
};

}  // namespace

const dialect& anthropic_messages() noexcept {
  static const anthropic_messages_dialect only;
  return only;
}

}  // namespace refrain::provider
