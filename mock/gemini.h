#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "mock/answer.h"
#include "mock/call.h"

/// Speaks as Google's Gemini API does.
namespace refrain::mock::gemini {

/// {"error": {"code", "message", "status"}} with the status' name in google.rpc.Code; the only element of an array
/// where an array was asked for.
[[nodiscard]] answer refuse(const call& asked, const refusal& why);

/// The key of `x-goog-api-key`, of the parameter `key`, or of `Authorization`: the first that is there.
[[nodiscard]] std::string_view credential(const call& asked);

/// What the path says: `/v1beta/models/{model}:{verb}`.
struct target {
  std::string_view model;
  std::string_view verb;
};
[[nodiscard]] target target_of(const call& asked);

/// How a stream of objects is asked for.
enum class framing { events, array };
[[nodiscard]] framing framing_of(const call& asked);

/// A JSON answer.
[[nodiscard]] answer json_answer(const boost::json::value& body);

/// Objects one after the other, each a piece, as events with CRLF or as elements of an array.
[[nodiscard]] answer stream_answer(framing how, const std::vector<boost::json::object>& chunks);

/// The proof (proof.h) of the body with the path's model in it as `model`.
[[nodiscard]] std::string proof_with_model(const boost::json::object& request, std::string_view model);

}  // namespace refrain::mock::gemini
