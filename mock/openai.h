#pragma once

#include <boost/json/value.hpp>
#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "mock/answer.h"
#include "mock/call.h"

/// What all endpoints of OpenAI's API share.
namespace refrain::mock::openai {

/// An error in OpenAI's shape: {"error": {"message", "type", "param", "code"}}.
[[nodiscard]] answer refuse(const call& asked, const refusal& why);

/// The key a client shows: `Authorization: Bearer <key>`; empty where it shows none.
[[nodiscard]] std::string_view credential(const call& asked);

/// The event with which a stream breaks off where x-mock-error-event asks for it.
[[nodiscard]] std::string broken_off_event();
/// The request of a JSON endpoint: an object that has `needed`, each not null. Else why it is turned down, with 400.
[[nodiscard]] std::expected<boost::json::value, refusal> read_object(const call& asked,
                                                                     std::initializer_list<std::string_view> needed);

/// A plain answer in JSON.
[[nodiscard]] answer json_answer(const call& asked, const boost::json::value& body);

/// A streamed answer: each piece an event with its blank line.
[[nodiscard]] answer event_answer(const call& asked, std::vector<std::string> events);

/// The headers that OpenAI puts on every answer: request id, version, processing time, rate limits, a cookie.
[[nodiscard]] std::vector<header> provider_headers(const call& asked);

}  // namespace refrain::mock::openai
