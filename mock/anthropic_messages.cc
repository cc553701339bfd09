#include "mock/anthropic_messages.h"

#include <boost/json.hpp>
#include <expected>
#include <optional>

#include "mock/anthropic.h"
#include "mock/anthropic_render.h"
#include "mock/anthropic_turn.h"
#include "mock/json.h"
#include "mock/proof.h"

namespace refrain::mock::anthropic {
namespace {

namespace json = boost::json;

refusal bad_request(std::string message) { return {.status = 400, .message = std::move(message)}; }

/// The body of a request about a conversation, checked.
std::expected<json::value, refusal> conversation_of(const call& asked) {
  auto request = parse_json(asked.body);
  if (!request || !request->is_object()) return std::unexpected(bad_request("The body is not a JSON object."));
  if (string_member(*request, "model").empty()) return std::unexpected(bad_request("model: Field required"));
  const auto* messages = member(*request, "messages");
  if (messages == nullptr) return std::unexpected(bad_request("messages: Field required"));
  if (!messages->is_array() || messages->get_array().empty()) {
    return std::unexpected(bad_request("messages: at least one message is required"));
  }
  return *std::move(request);
}

}  // namespace

answer messages(const call& asked) {
  const auto request = conversation_of(asked);
  if (!request) return refuse(asked, request.error());
  if (member(*request, "max_tokens") == nullptr) return refuse(asked, bad_request("max_tokens: Field required"));

  const auto turn = turn_for(*request, *proof_of(asked.body), asked);
  answer reply{.headers = provider_headers(asked)};
  if (is_true(*request, "stream")) {
    reply.content_type = "text/event-stream; charset=utf-8";
    reply.chunked = true;
    reply.pieces = stream_events(turn, asked.wish);
  } else {
    reply.pieces.push_back(plain_body(turn));
  }
  return reply;
}

answer count_tokens(const call& asked) {
  const auto request = conversation_of(asked);
  if (!request) return refuse(asked, request.error());
  const json::object count{{"input_tokens", input_tokens(*request)}};
  return {.headers = provider_headers(asked), .pieces = {json::serialize(count)}};
}

}  // namespace refrain::mock::anthropic
