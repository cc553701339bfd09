#include "mock/deepgram.h"

#include <boost/json.hpp>

namespace refrain::mock::deepgram {
namespace {

namespace json = boost::json;

/// The codes of developers.deepgram.com/docs/errors.
std::string_view code_for(unsigned status) {
  switch (status) {
    case 401: return "INVALID_AUTH";
    case 402: return "ASR_PAYMENT_REQUIRED";
    case 403: return "INSUFFICIENT_PERMISSIONS";
    case 404: return "PROJECT_NOT_FOUND";
    case 429: return "TOO_MANY_REQUESTS";
    default: return status >= 500 ? "INTERNAL_SERVER_ERROR" : "Bad Request";
  }
}

}  // namespace

answer refuse(const call& asked, const refusal& why) {
  json::object body;
  if (why.status == 400) {
    body = {{"category", why.code.empty() ? "INVALID_QUERY_PARAMETER" : why.code},
            {"message", why.message},
            {"details", why.param}};
  } else {
    body = {{"err_code", code_for(why.status)}, {"err_msg", why.message}};
  }
  body["request_id"] = asked.uuid();
  return {.status = why.status, .headers = {{"dg-request-id", asked.uuid()}}, .pieces = {json::serialize(body)}};
}

std::string_view credential(const call& asked) {
  const auto token = asked.authorization("Token");
  return token.empty() ? asked.authorization("Bearer") : token;
}

}  // namespace refrain::mock::deepgram
