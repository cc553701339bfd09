#include "provider/families/openai_completions.h"

#include "provider/families/openai_chat_request.h"
#include "provider/families/openai_choices.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

bool is_prompt(const std::optional<canonical_value>& value) {
  return is_null_or_absent(value) || value->is(json_kind::string) || value->is(json_kind::array);
}

uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  read_openai_frame(body, parsed);
  const auto prompt = body.find("prompt");
  if (!read_openai_form(body, parsed) || parsed.model.empty() || !is_prompt(prompt))
    return uncacheable_reason::malformed_body;
  if (prompt) parsed.query = shown_text(*prompt);
  digest_openai_members(body, openai_chat_denylist(), parsed);
  const auto store = body.find("store");
  return store && store->is(json_kind::yes) ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

}  // namespace

entry::parsed_request read_openai_completions_request(std::string_view body) { return read_request(body, read_body); }

const dialect& openai_completions() noexcept {
  static const openai_choices only{read_openai_completions_request, completion_shape};
  return only;
}

}  // namespace refrain::provider
