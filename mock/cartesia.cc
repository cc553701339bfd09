#include "mock/cartesia.h"

#include <boost/json.hpp>

namespace refrain::mock::cartesia {
namespace {

namespace json = boost::json;

json::value code_for(const refusal& why) {
  if (why.status == 401) return "unauthorized";
  if (why.status == 429) return "concurrency_limited";
  if (why.code.empty()) return nullptr;
  return json::value(why.code);
}

}  // namespace

answer refuse(const call& asked, const refusal& why) {
  const json::object body{{"error_code", code_for(why)},
                          {"title", title_of(why.status)},
                          {"message", why.message},
                          {"request_id", asked.uuid()}};
  return {.status = why.status, .pieces = {json::serialize(body)}};
}

std::string_view credential(const call& asked) {
  const auto key = asked.field("X-API-Key");
  return key.empty() ? asked.authorization("Bearer") : key;
}

std::string_view title_of(unsigned status) {
  switch (status) {
    case 401: return "Unauthorized";
    case 404: return "Not found";
    case 429: return "Too many concurrent requests";
    default: return status >= 500 ? "Internal server error" : "Invalid request";
  }
}

}  // namespace refrain::mock::cartesia
