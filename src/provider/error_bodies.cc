#include "provider/error_bodies.h"

#include <simdjson.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <boost/json.hpp>

namespace refrain::provider {
namespace {

namespace json = boost::json;

/// A text as a JSON string. One with foreign bytes in it loses those that are not ASCII.
std::string quoted(std::string_view text) {
  json::string out(text.data(), text.size());
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  }
  return json::serialize(out);
}

/// The name that google.rpc.Code has for an HTTP status.
std::string_view google_status(unsigned status) noexcept {
  switch (status) {
    case 401: return "UNAUTHENTICATED";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 429: return "RESOURCE_EXHAUSTED";
    case 499: return "CANCELLED";
    case 504: return "DEADLINE_EXCEEDED";
    case 502:
    case 503: return "UNAVAILABLE";
    default: return status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
  }
}

}  // namespace

std::string fill_error_shape(std::string_view shape, const base::error& why) {
  const auto& traits = base::traits_of(why.code);
  std::string body{shape};
  boost::replace_all(body, "$type", quoted(traits.type));
  boost::replace_all(body, "$label", quoted(traits.label));
  boost::replace_all(body, "$google", quoted(google_status(traits.status)));
  boost::replace_all(body, "$status", std::to_string(traits.status));
  // Last, as a message may hold any of these words.
  boost::replace_all(body, "$message", quoted(why.context.empty() ? traits.label : std::string_view{why.context}));
  return body;
}

}  // namespace refrain::provider
