#include "mock/sarvam_translate.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "mock/json.h"
#include "mock/proof.h"
#include "mock/sarvam.h"

namespace refrain::mock::sarvam {

namespace json = boost::json;

answer translate(const call& asked) {
  const auto request = parse_json(asked.body);
  if (!request || !request->is_object()) {
    return refuse(asked, {.status = 400, .message = "The body of the request is not a JSON object."});
  }
  for (const auto* name : {"input", "source_language_code", "target_language_code"}) {
    if (!string_member(*request, name).empty()) continue;
    return refuse(asked, {.status = 400, .message = fmt::format("Validation Error(s):\n- {}: Field required", name)});
  }
  const auto source = string_member(*request, "source_language_code");
  const json::object body{{"request_id", request_id(asked)},
                          {"translated_text", fmt::format("proof:{} [{}] {}", *proof_of(asked.body),
                                                          string_member(*request, "target_language_code"),
                                                          string_member(*request, "input"))},
                          {"source_language_code", source == "auto" ? "en-IN" : source}};
  return {.pieces = {json::serialize(body)}};
}

}  // namespace refrain::mock::sarvam
