#include "mock/openai_chat.h"

#include <optional>

#include "mock/json.h"
#include "mock/openai.h"
#include "mock/openai_chat_render.h"
#include "mock/openai_chat_turn.h"
#include "mock/proof.h"

namespace refrain::mock::openai {
namespace {

std::optional<refusal> fault_in(const boost::json::value& request) {
  if (string_member(request, "model").empty()) {
    return refusal{.status = 400, .message = "The request names no model.", .param = "model"};
  }
  const auto* messages = member(request, "messages");
  if (messages == nullptr) {
    return refusal{.status = 400,
                   .message = "Missing required parameter: 'messages'.",
                   .param = "messages",
                   .code = "missing_required_parameter"};
  }
  if (!messages->is_array() || messages->get_array().empty()) {
    return refusal{.status = 400,
                   .message = "Invalid 'messages': a list with at least one message is expected.",
                   .param = "messages",
                   .code = "invalid_type"};
  }
  return std::nullopt;
}

}  // namespace

answer chat_completions(const call& asked) {
  const auto request = parse_json(asked.body);
  if (!request || !request->is_object()) {
    return refuse(asked, {.status = 400, .message = "The body of the request is not a JSON object."});
  }
  if (const auto fault = fault_in(*request)) return refuse(asked, *fault);

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

}  // namespace refrain::mock::openai
