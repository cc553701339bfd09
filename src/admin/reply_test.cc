#include "admin/reply.h"

#include <memory>
#include <string>
#include <vector>

#include "support/http/server.h"

namespace refrain::admin {
namespace {

/// What a client gets of such an answer.
std::string received(const reply& what, std::string_view method = "GET") {
  http::service service;
  service.answer = [&what](http::exchange& with) { return send(with, what); };
  service.error_body = [](const base::error&) { return std::string(); };
  service.stopping = [] { return true; };
  const http::test_server server{std::move(service)};
  auto client = server.connect();
  client.send(std::string(method) + " / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return client.receive_all();
}

TEST(replies, carry_their_status_type_and_headers) {
  const auto got = received({.status = 405, .headers = {{"Allow", "GET"}}, .body = "{}"});
  EXPECT_TRUE(got.starts_with("HTTP/1.1 405 ")) << got;
  EXPECT_TRUE(got.contains("\r\nContent-Type: application/json\r\n")) << got;
  EXPECT_TRUE(got.contains("\r\nAllow: GET\r\n")) << got;
  EXPECT_TRUE(got.ends_with("\r\n\r\n{}")) << got;
}

TEST(replies, say_by_their_type_what_may_be_loaded) {
  constexpr std::string_view nothing = "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
  EXPECT_TRUE(received({.type = content::json}).contains(nothing));
  EXPECT_TRUE(received({.type = content::text}).contains(nothing));
  const auto page = received({.type = content::html});
  EXPECT_TRUE(page.contains("\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; ")) << page;
  EXPECT_FALSE(page.contains("unsafe")) << page;
}

}  // namespace
}  // namespace refrain::admin
