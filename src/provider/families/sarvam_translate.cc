#include <algorithm>
#include <array>

#include "provider/families/sarvam.h"
#include "provider/rules/endpoint.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

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

uncacheable_reason judge(const canonical_value& answer, entry::token_usage& /*used*/) {
  const auto text = answer.find("translated_text");
  if (!text || !text->string()) return uncacheable_reason::malformed_answer;
  return text->holds_something() ? uncacheable_reason::none : uncacheable_reason::empty_answer;
}

}  // namespace

constinit const endpoint sarvam_translate{{
    .read = read_json<read_body>,
    .judge = judge,
}};

}  // namespace refrain::provider
