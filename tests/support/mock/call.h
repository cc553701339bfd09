#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "mock/routes.h"

/// Calls of routes without a server, for the tests of this folder.
namespace refrain::mock::test {

inline call calling(std::string_view target, std::string body, std::string content_type = "application/json") {
  call asked;
  asked.number = 1;
  asked.method = "POST";
  asked.target = target;
  asked.headers = {{"Content-Type", std::move(content_type)}};
  asked.body = std::move(body);
  asked.how.text_bytes = 200;
  return asked;
}

/// What its route answers; that of another path, where one is given.
inline answer answered(call asked, std::string_view path = "") {
  if (!path.empty()) asked.target = path;
  return find_route(asked).answer_to(asked);
}

/// Whose path it is.
inline const provider& provider_at(std::string target) {
  return *find_route({.method = "POST", .target = std::move(target)}).speaks;
}

/// The JSON of an answer that went well.
inline boost::json::value json_of(const answer& reply) {
  EXPECT_EQ(reply.status, 200U) << reply.pieces.front();
  EXPECT_EQ(reply.content_type, "application/json");
  return boost::json::parse(reply.pieces.front());
}

/// The data of each event of a stream, but for `[DONE]`.
inline std::vector<boost::json::value> events_of(const answer& reply) {
  EXPECT_TRUE(reply.chunked);
  std::vector<boost::json::value> all;
  for (const auto& piece : reply.pieces) {
    EXPECT_TRUE(piece.ends_with("\n\n"));
    const auto data = piece.substr(piece.find("data: ") + 6);
    if (!data.starts_with("[DONE]")) all.push_back(boost::json::parse(data.substr(0, data.size() - 2)));
  }
  return all;
}

}  // namespace refrain::mock::test
