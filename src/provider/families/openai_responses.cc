#include "provider/families/openai_responses.h"

#include <utility>

#include "provider/families/openai_responses_answer.h"
#include "provider/families/openai_responses_forms.h"
#include "provider/families/openai_responses_request.h"
#include "provider/rules/many_forms.h"
#include "provider/rules/openai_headers.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

class openai_responses_dialect final : public many_forms {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_openai_responses_request(request.body);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    return read_openai_responses_answer(form);
  }

  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return openai_kept_headers; }

 private:
  /// Usage is a member of the response: every recording has it.
  [[nodiscard]] base::result<std::string> turn(const recorded& answer, wire_form wanted) const override {
    return wanted == wire_form::plain ? response_in_stream(answer.body) : stream_of_response(answer.body);
  }

  [[nodiscard]] std::string_view type_of(const recorded& /*answer*/, wire_form wanted) const override {
    return content_type_of(wanted);
  }
};

}  // namespace

const dialect& openai_responses() noexcept {
  static const openai_responses_dialect only;
  return only;
}

}  // namespace refrain::provider
