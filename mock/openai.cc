#include "mock/openai.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "mock/events.h"
#include "mock/json.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

std::string_view type_of(unsigned status) {
  if (status == 429) return "requests";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

}  // namespace

answer refuse(const call& asked, const refusal& why) {
  answer reply{.status = why.status, .headers = provider_headers(asked)};
  const json::object error{{"error",
                            {{"message", why.message},
                             {"type", type_of(why.status)},
                             {"param", text_or_null(why.param)},
                             {"code", text_or_null(why.code)}}}};
  reply.pieces.push_back(json::serialize(error));
  return reply;
}

std::string_view credential(const call& asked) { return asked.authorization("Bearer"); }

std::string broken_off_event() {
  return data_event({{"error",
                      {{"message", "The stream broke off. This error was asked for."},
                       {"type", "server_error"},
                       {"param", nullptr},
                       {"code", nullptr}}}});
}

std::expected<json::value, refusal> read_object(const call& asked, std::initializer_list<std::string_view> needed) {
  auto request = parse_json(asked.body);
  if (!request || !request->is_object()) {
    return std::unexpected(refusal{.status = 400, .message = "The body of the request is not a JSON object."});
  }
  for (const auto name : needed) {
    const auto* found = member(*request, name);
    if (found != nullptr && !found->is_null()) continue;
    return std::unexpected(refusal{.status = 400,
                                   .message = fmt::format("Missing required parameter: '{}'.", name),
                                   .param = std::string(name),
                                   .code = "missing_required_parameter"});
  }
  return *std::move(request);
}

answer json_answer(const call& asked, const json::value& body) {
  return {.headers = provider_headers(asked), .pieces = {json::serialize(body)}};
}

answer event_answer(const call& asked, std::vector<std::string> events) {
  return {.content_type = "text/event-stream; charset=utf-8",
          .headers = provider_headers(asked),
          .chunked = true,
          .pieces = std::move(events)};
}

std::vector<header> provider_headers(const call& asked) {
  const auto unique = asked.unique();
  return {{"openai-organization", "mock-organization"},
          {"openai-processing-ms", fmt::to_string(asked.wish.latency.count() + 1)},
          {"openai-version", "2020-10-01"},
          {"x-ratelimit-limit-requests", "10000"},
          {"x-ratelimit-remaining-requests", fmt::to_string(9999 - asked.number % 1000)},
          {"x-request-id", fmt::format("req_{}", unique)},
          {"set-cookie", fmt::format("mock_session={}; path=/; HttpOnly", unique)}};
}

}  // namespace refrain::mock::openai
