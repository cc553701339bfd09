#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/exchange.h"
#include "net/async.h"

namespace refrain::admin {

/// What the body of an answer is. It decides the Content-Type, and what a browser may do with it.
enum class content : std::uint8_t { json, text, html };

/// What a handler answers with: a value, so that handlers know nothing of connections.
struct reply {
  int status = 200;
  content type = content::json;
  std::vector<std::pair<std::string_view, std::string>> headers{};  ///< beside those that every answer has
  std::string body{};
};

/// The head fields of every answer of this type: not stored, not framed, not sniffed, and what may be loaded.
[[nodiscard]] http::reply_head head_of(int status, content type);

/// Sends it.
[[nodiscard]] net::task<> send(http::exchange& with, reply what);

}  // namespace refrain::admin
