#include "provider/rules/dialect.h"

#include <utility>

#include "base/text.h"
#include "provider/json/forwarded_body.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/speech.h"

namespace refrain::provider {
namespace {

/// The type of a page: what a proxy says, not a provider.
bool is_page_type(std::string_view content_type) {
  const auto type = base::trim(content_type.substr(0, content_type.find(';')));
  return base::equal_ignoring_case(type, "text/html") || base::equal_ignoring_case(type, "application/xhtml+xml");
}

}  // namespace

std::string dialect::forward_body(std::string_view body, const entry::parsed_request& parsed, bool ask_usage) const {
  return forwarded_body(body, parsed, rules_.asks_usage && ask_usage);
}

std::unique_ptr<answer_reader> dialect::read_answer(wire_form form) const {
  if (rules_.read_answer != nullptr) return rules_.read_answer(form);
  return rules_.is_audio ? read_audio_answer() : read_json_answer(rules_.judge);
}

bool dialect::answers_with(wire_form form, std::string_view content_type) const {
  if (rules_.is_audio && form == wire_form::plain) return is_audio_type(content_type);
  return !is_page_type(content_type);
}

bool dialect::can_serve(wire_form recorded_form, bool usage_asked, wire_form wanted, bool wants_usage) const {
  if (rules_.serves != nullptr) return rules_.serves(recorded_form, usage_asked, wanted, wants_usage);
  return rules_.turn != nullptr || recorded_form == wanted;
}

base::result<rendering> dialect::render(const recorded& answer, wire_form wanted, bool wants_usage) const {
  if (rules_.turn == nullptr) return cannot_turn("answers of this endpoint have one form");
  if (answer.form == wanted) return cannot_turn("it has this form already");
  auto body = TRY(rules_.turn(answer, wanted, wants_usage));
  const bool is_plain = wanted == wire_form::plain;
  const auto type = is_plain && rules_.is_audio              ? audio_type_of(answer.suffix)
                    : is_plain || wanted == wire_form::array ? rules_.json_type
                                                             : rules_.stream_type;
  return rendering{.content_type = std::string{type}, .body = std::move(body)};
}

std::unexpected<base::error> cannot_turn(std::string_view why) {
  return base::fail(base::errc::not_found, "this recording cannot take another form: " + std::string{why});
}

bool is_good_answer(const dialect& wire, wire_form form, std::string_view body) {
  const auto reader = wire.read_answer(form);
  reader->feed(body);
  const auto judged = reader->finish(body);
  // A recording is there because the operator has allowed its finish.
  return judged.why_not == uncacheable_reason::none || !judged.unknown_finishes.empty();
}

}  // namespace refrain::provider
