#include "mock/gemini.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "mock/proof.h"

namespace refrain::mock::gemini {
namespace {

namespace json = boost::json;

std::string_view status_name(unsigned status) {
  switch (status) {
    case 401: return "UNAUTHENTICATED";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 429: return "RESOURCE_EXHAUSTED";
    case 503: return "UNAVAILABLE";
    case 504: return "DEADLINE_EXCEEDED";
    default: return status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
  }
}

constexpr std::string_view json_type = "application/json; charset=UTF-8";

}  // namespace

answer refuse(const call& asked, const refusal& why) {
  const json::object fault{
      {"error", {{"code", why.status}, {"message", why.message}, {"status", status_name(why.status)}}}};
  const bool in_array = target_of(asked).verb == "streamGenerateContent" && framing_of(asked) == framing::array;
  answer reply = json_answer(in_array ? json::value(json::array{fault}) : json::value(fault));
  reply.status = why.status;
  return reply;
}

std::string_view credential(const call& asked) {
  if (const auto key = asked.field("x-goog-api-key"); !key.empty()) return key;
  const auto query = asked.query();
  for (std::size_t at = query.find("key="); at != std::string_view::npos; at = query.find("key=", at + 1)) {
    if (at == 0 || query[at - 1] == '&') return query.substr(at + 4, query.find('&', at) - at - 4);
  }
  return asked.authorization("Bearer");
}

target target_of(const call& asked) {
  const auto path = asked.path();
  const auto resource = path.substr(path.rfind('/') + 1);
  const auto colon = resource.rfind(':');
  if (colon == std::string_view::npos) return {.model = resource, .verb = {}};
  return {.model = resource.substr(0, colon), .verb = resource.substr(colon + 1)};
}

framing framing_of(const call& asked) { return asked.parameter("alt") == "sse" ? framing::events : framing::array; }

answer json_answer(const json::value& body) {
  return {.content_type = std::string(json_type), .pieces = {json::serialize(body)}};
}

answer stream_answer(framing how, const std::vector<json::object>& chunks) {
  answer reply{.chunked = true};
  reply.content_type = how == framing::events ? "text/event-stream" : std::string(json_type);
  for (const auto& chunk : chunks) {
    const auto text = json::serialize(chunk);
    if (how == framing::events) {
      reply.pieces.push_back(fmt::format("data: {}\r\n\r\n", text));
    } else {
      reply.pieces.push_back(fmt::format("{}{}", reply.pieces.empty() ? "[" : "\n,\r\n", text));
    }
  }
  if (how == framing::array) reply.pieces.emplace_back(reply.pieces.empty() ? "[]" : "\n]");
  return reply;
}

std::string proof_with_model(const json::object& request, std::string_view model) {
  auto whole = request;
  whole["model"] = model;
  return proof_of_members(std::move(whole));
}

}  // namespace refrain::mock::gemini
