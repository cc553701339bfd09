#pragma once

#include "provider/dialect.h"
#include "provider/families/openai_choices_shape.h"

namespace refrain::provider {

/// What chat completions and completions share: everything but how a request is read. One entry serves plain and
/// streamed requests.
class openai_choices final : public dialect {
 public:
  using request_reader = entry::parsed_request (*)(std::string_view body);

  constexpr openai_choices(request_reader read, const openai_choices_shape& shape) noexcept
      : read_(read), shape_(shape) {}

  [[nodiscard]] entry::parsed_request read(const request_view& request) const override;
  [[nodiscard]] std::string forward_body(std::string_view body, const entry::parsed_request& parsed,
                                         bool ask_usage) const override;
  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(entry::wire_form form) const override;
  [[nodiscard]] bool can_serve(entry::wire_form recorded_form, bool usage_asked, entry::wire_form wanted,
                               bool wants_usage) const override;
  [[nodiscard]] base::result<rendering> render(const recorded& answer, entry::wire_form wanted,
                                               bool wants_usage) const override;
  [[nodiscard]] std::span<const std::string_view> kept_headers() const override;

 private:
  request_reader read_;
  const openai_choices_shape& shape_;
};

}  // namespace refrain::provider
