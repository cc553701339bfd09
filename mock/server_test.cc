#include "mock/server.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "mock/proof.h"
#include "support/mock/client.h"
#include "support/mock/server.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;
using test::chat;
using test::client;
using test::plain;
using test::request;
using test::streamed;
using namespace std::chrono_literals;

class mock_server : public test::running_server {};

std::string text_of_stream(const std::string& body) {
  std::string text;
  for (std::size_t at = 0; (at = body.find("data: {", at)) != std::string::npos; ++at) {
    const auto chunk = json::parse(body.substr(at + 6, body.find("\n\n", at) - at - 6));
    const auto* content = chunk.at_pointer("/choices/0/delta").as_object().if_contains("content");
    if (content != nullptr) text += content->as_string();
  }
  return text;
}

TEST_F(mock_server, streams_what_it_says_plainly_on_one_connection) {
  client one(port_);
  const auto whole = one.ask(request("POST", chat, plain));
  const auto stream = one.ask(request("POST", chat, streamed));
  ASSERT_FALSE(whole.fault);
  ASSERT_FALSE(stream.fault);
  EXPECT_EQ(stream.field("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(stream.field("Transfer-Encoding"), "chunked");
  EXPECT_TRUE(stream.body.ends_with("data: [DONE]\n\n"));
  const auto said = json::parse(whole.body).at_pointer("/choices/0/message/content");
  EXPECT_EQ(said, json::value(text_of_stream(stream.body)));
  EXPECT_NE(stream.body.find("proof:" + *proof_of(plain)), std::string::npos);
  EXPECT_EQ(running_->counters().connections, 1U);
}

TEST_F(mock_server, sends_a_providers_headers_with_an_id_of_its_own_in_each) {
  client one(port_);
  const auto first = one.ask(request("POST", chat, plain));
  const auto second = one.ask(request("POST", chat, plain));
  EXPECT_EQ(first.field("Content-Type"), "application/json");
  EXPECT_EQ(first.field("openai-version"), "2020-10-01");
  EXPECT_EQ(first.fields.count("set-cookie"), 1U);
  EXPECT_FALSE(first.field("x-ratelimit-remaining-requests").empty());
  EXPECT_NE(first.field("x-request-id"), second.field("x-request-id"));
  EXPECT_NE(json::parse(first.body).at("id"), json::parse(second.body).at("id"));
}

TEST_F(mock_server, answers_pipelined_requests_in_order) {
  client one(port_);
  one.send(request("GET", "/bytes/3") + request("POST", chat, plain) + request("GET", "/bytes/5"));
  EXPECT_EQ(one.receive().body.size(), 3U);
  EXPECT_NE(one.receive().body.find("chat.completion"), std::string::npos);
  EXPECT_EQ(one.receive().body.size(), 5U);
}

TEST_F(mock_server, sends_a_body_back_while_it_arrives) {
  client one(port_);
  one.send("PUT /anything/here?a=1 HTTP/1.1\r\nHost: mock\r\nContent-Type: x/y\r\nTransfer-Encoding: chunked\r\n\r\n");
  one.send("5\r\nfirst\r\n");
  const auto begun = one.receive_until("first\r\n");
  EXPECT_NE(begun.find("Content-Type: x/y\r\n"), std::string::npos);
  EXPECT_NE(begun.find("x-mock-method: PUT\r\n"), std::string::npos);
  EXPECT_NE(begun.find("x-mock-target: /anything/here?a=1\r\n"), std::string::npos);
  one.send("6\r\nsecond\r\n0\r\n\r\n");
  EXPECT_EQ(one.receive_until("0\r\n\r\n"), "6\r\nsecond\r\n0\r\n\r\n");
}

TEST_F(mock_server, sends_large_bodies_both_ways) {
  std::string body(3'000'000, 'x');
  for (std::size_t at = 0; at < body.size(); ++at) body[at] = static_cast<char>(at % 253);
  client one(port_);
  std::jthread writer([&] { one.send(request("POST", "/echo", body)); });
  EXPECT_TRUE(one.receive().body == body);
  EXPECT_EQ(running_->counters().calls, 1U);
}

TEST_F(mock_server, answers_head_without_a_body) {
  client one(port_);
  one.send(request("HEAD", "/bytes/7"));
  EXPECT_EQ(one.receive(true).field("Content-Length"), "7");
  EXPECT_EQ(one.ask(request("GET", "/bytes/2")).body.size(), 2U) << "the connection is still in step";
}

TEST_F(mock_server, invites_the_body_of_a_client_that_waits) {
  client one(port_);
  const auto whole = request("POST", "/echo", "hello", {{"Expect", "100-continue"}});
  one.send(whole.substr(0, whole.size() - 5));
  EXPECT_EQ(one.receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  one.send("hello");
  EXPECT_EQ(one.receive().body, "hello");
}

TEST_F(mock_server, shows_what_reached_it) {
  client one(port_);
  (void)one.ask(request("POST", chat, plain, {{"X-First", "1"}, {"x-second", "2"}}));
  const auto last = json::parse(one.ask(request("GET", "/__mock/last-request")).body);
  EXPECT_EQ(last.at("method"), "POST");
  EXPECT_EQ(last.at("target"), json::value(chat));
  EXPECT_EQ(last.at("body"), json::value(plain));
  EXPECT_EQ(last.at("headers").at(1), (json::array{"X-First", "1"}));
  EXPECT_EQ(last.at("headers").at(2), (json::array{"x-second", "2"}));
  (void)one.ask(request("POST", "/echo", "\xff\xfe"));
  EXPECT_EQ(json::parse(one.ask(request("GET", "/__mock/last-request")).body).at("body_base64"), "//4=");
}

TEST_F(mock_server, counts_calls_but_not_those_about_itself) {
  client one(port_);
  (void)one.ask(request("POST", chat, plain));
  (void)one.ask(request("POST", "/chat/completions?x=1", plain));
  (void)one.ask(request("GET", "/nowhere"));
  const auto now = json::parse(one.ask(request("GET", "/__mock/calls")).body);
  EXPECT_EQ(now.at("calls"), 3);
  EXPECT_EQ(now.at("by_path").at(chat), 1);
  EXPECT_EQ(now.at("by_path").at("/chat/completions"), 1);
  EXPECT_EQ(now.at("in_flight"), 0);
  EXPECT_EQ(json::parse(one.ask(request("POST", "/__mock/reset")).body).at("calls"), 0);
  EXPECT_EQ(one.ask(request("GET", "/__mock/last-request")).status, 404U);
  EXPECT_EQ(running_->counters().calls, 0U);
}

TEST_F(mock_server, wants_its_key_where_it_has_one) {
  start({.require_key = "sk-right"});
  client one(port_);
  EXPECT_EQ(one.ask(request("POST", chat, plain)).status, 401U);
  EXPECT_EQ(one.ask(request("POST", chat, plain, {{"Authorization", "Bearer sk-wrong"}})).status, 401U);
  EXPECT_EQ(one.ask(request("POST", chat, plain, {{"Authorization", "Bearer sk-right"}})).status, 200U);
}

TEST_F(mock_server, refuses_what_is_not_http) {
  client one(port_);
  const auto got = one.ask("nonsense\r\n\r\n");
  EXPECT_EQ(got.status, 400U);
  EXPECT_EQ(got.field("Connection"), "close");
}

TEST_F(mock_server, serves_many_connections_at_once_on_several_threads) {
  start({.threads = 2});
  std::vector<std::unique_ptr<client>> all;
  for (int count = 0; count < 300; ++count) all.push_back(std::make_unique<client>(port_));
  for (auto& one : all) one->send(request("POST", chat, streamed, {{"x-mock-gap-ms", "1"}}));
  for (auto& one : all) EXPECT_TRUE(one->receive().body.ends_with("data: [DONE]\n\n"));
  EXPECT_EQ(running_->counters().calls, 300U);
}

TEST_F(mock_server, stops_with_calls_in_flight) {
  client one(port_);
  one.send(request("POST", chat, plain, {{"x-mock-latency-ms", "3600000"}}));
  EXPECT_TRUE(comes_true([](const tally& now) { return now.in_flight == 1; }));
  running_->stop();
  EXPECT_TRUE(one.receive().fault);
  EXPECT_EQ(running_->counters().in_flight, 0U);
}

TEST(mock_server_start, tells_what_is_wrong) {
  server first({});
  const auto port = first.start();
  ASSERT_TRUE(port);
  const auto code = [](options how) { return server(std::move(how)).start().error().code; };
  EXPECT_EQ(code({.listen = "127.0.0.1:" + std::to_string(*port)}), base::errc::port_in_use);
  EXPECT_EQ(code({.listen = "nowhere"}), base::errc::bad_config);
  EXPECT_EQ(code({.listen = "127.0.0.1:99999"}), base::errc::bad_config);
  EXPECT_EQ(code({.tls_certificate = "/no/such.pem", .tls_key = "/no/such.pem"}), base::errc::bad_config);
}

}  // namespace
}  // namespace refrain::mock
