#include "provider/families/openai_choices.h"

#include <utility>

#include "provider/families/openai_chat_answer.h"
#include "provider/families/openai_chat_merge.h"
#include "provider/families/openai_chat_split.h"
#include "provider/json/forwarded_body.h"
#include "provider/rules/openai_headers.h"

namespace refrain::provider {

using entry::wire_form;

entry::parsed_request openai_choices::read(const request_view& request) const { return read_(request.body); }

std::string openai_choices::forward_body(std::string_view body, const entry::parsed_request& parsed,
                                         bool ask_usage) const {
  return forwarded_body(body, parsed, ask_usage);
}

std::unique_ptr<answer_reader> openai_choices::read_answer(wire_form form) const {
  return read_openai_choices_answer(form, shape_);
}

bool openai_choices::can_serve(wire_form recorded_form, bool usage_asked, wire_form wanted, bool wants_usage) const {
  if (recorded_form == wire_form::plain || usage_asked) return true;
  return wanted == wire_form::stream && !wants_usage;
}

base::result<rendering> openai_choices::render(const recorded& answer, wire_form wanted, bool wants_usage) const {
  if (answer.form == wanted) return base::fail(base::errc::not_found, "the recording has this form already");
  auto body = wanted == wire_form::plain ? merge_openai_chat_stream(answer.body, shape_)
                                         : split_openai_chat_answer(answer.body, wants_usage, shape_);
  if (!body) return base::fail(std::move(body).error());
  return rendering{.content_type = std::string(content_type_of(wanted)), .body = *std::move(body)};
}

std::span<const std::string_view> openai_choices::kept_headers() const { return openai_kept_headers; }

}  // namespace refrain::provider
