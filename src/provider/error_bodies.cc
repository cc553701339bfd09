#include "provider/error_bodies.h"

#include <simdjson.h>

#include <algorithm>
#include <boost/json.hpp>

namespace refrain::provider {
namespace {

namespace json = boost::json;

/// Text that may stand in JSON: a context with foreign bytes in it loses those that are not ASCII.
json::string printable(std::string_view text) {
  json::string out(text.data(), text.size());
  if (simdjson::validate_utf8(text.data(), text.size())) return out;
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return out;
}

json::string message_of(const base::error& why) {
  return printable(why.context.empty() ? base::to_string(why.code) : std::string_view{why.context});
}

json::string label_of(const base::error& why) { return printable(base::to_string(why.code)); }

json::string type_of(const base::error& why) { return printable(base::traits_of(why.code).type); }

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

std::string openai_error_body(const base::error& why) {
  return json::serialize(json::object{
      {"error", {{"message", message_of(why)}, {"type", type_of(why)}, {"param", nullptr}, {"code", label_of(why)}}}});
}

std::string anthropic_error_body(const base::error& why) {
  return json::serialize(
      json::object{{"type", "error"}, {"error", {{"type", type_of(why)}, {"message", message_of(why)}}}});
}

std::string gemini_error_body(const base::error& why) {
  const unsigned status = base::traits_of(why.code).status;
  return json::serialize(json::object{
      {"error", {{"code", status}, {"message", message_of(why)}, {"status", printable(google_status(status))}}}});
}

std::string elevenlabs_error_body(const base::error& why) {
  return json::serialize(json::object{{"detail", {{"status", label_of(why)}, {"message", message_of(why)}}}});
}

std::string sarvam_error_body(const base::error& why) {
  return json::serialize(
      json::object{{"error", {{"message", message_of(why)}, {"code", label_of(why)}, {"request_id", nullptr}}}});
}

std::string deepgram_error_body(const base::error& why) {
  return json::serialize(
      json::object{{"err_code", label_of(why)}, {"err_msg", message_of(why)}, {"request_id", nullptr}});
}

std::string cartesia_error_body(const base::error& why) {
  return json::serialize(json::object{
      {"error_code", label_of(why)}, {"title", type_of(why)}, {"message", message_of(why)}, {"request_id", nullptr}});
}

std::string ollama_error_body(const base::error& why) {
  return json::serialize(json::object{{"error", message_of(why)}});
}

}  // namespace refrain::provider
