#include "mock/sarvam.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>

namespace refrain::mock::sarvam {
namespace {

namespace json = boost::json;

/// The codes of docs.sarvam.ai, "Errors & Troubleshooting".
std::string_view code_for(unsigned status) {
  switch (status) {
    case 401:
    case 403: return "invalid_api_key_error";
    case 404: return "not_found_error";
    case 422: return "unprocessable_entity_error";
    case 429:
    case 503: return "rate_limit_exceeded_error";
    default: return status >= 500 ? "internal_server_error" : "invalid_request_error";
  }
}

}  // namespace

answer refuse(const call& asked, const refusal& why) {
  const json::object error{
      {"error", {{"message", why.message}, {"code", code_for(why.status)}, {"request_id", request_id(asked)}}}};
  return {.status = why.status, .pieces = {json::serialize(error)}};
}

std::string_view credential(const call& asked) { return asked.field("api-subscription-key"); }

std::string request_id(const call& asked) {
  const auto day = std::chrono::time_point_cast<std::chrono::seconds>(asked.at);
  return fmt::format("{:%Y%m%d}_{}", fmt::gmtime(day), asked.uuid());
}

}  // namespace refrain::mock::sarvam
