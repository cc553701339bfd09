// WebSockets through the gateway, against the mock: what clients of the providers see.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "support/gateway.h"
#include "support/websocket.h"

namespace refrain::tests {
namespace {

constexpr std::string_view echo_path = "/openai/echo";

/// A WebSocket to a gateway, and its socket.
struct caller {
  explicit caller(const gateway& to) : wire(net::test_socket::to(to.port())), socket(wire) {}
  net::test_socket wire;
  websocket_client socket;
};

/// The status of an answer's head.
int status_of(std::string_view head) {
  return head.size() < 12 ? 0 : std::stoi(std::string(head.substr(std::string_view{"HTTP/1.1 "}.size(), 3)));
}

TEST(tunnels, carry_messages_of_both_kinds_there_and_back) {
  gateway at_work;
  caller one{at_work};
  const auto head = one.socket.open(echo_path);
  EXPECT_EQ(status_of(head), 101);
  for (const std::string_view line :
       {"\r\nConnection: Upgrade", "\r\nUpgrade: websocket",
        "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "\r\nx-refrain-cache: BYPASS"}) {
    EXPECT_TRUE(head.contains(line)) << line << head;
  }
  const std::string bytes("\0\xff\x80 any", 7);
  for (const auto& said : {frame{opcode::text, "hello"}, frame{opcode::binary, bytes}, frame{opcode::text, ""}}) {
    one.socket.send(said.kind, said.payload);
    EXPECT_EQ(one.socket.receive(), said);
  }
  one.socket.send(opcode::ping, "are you there");
  EXPECT_EQ(one.socket.receive(), (frame{opcode::pong, "are you there"}));
}

TEST(tunnels, carry_a_mebibyte_each_way) {
  gateway at_work;
  caller one{at_work};
  EXPECT_EQ(status_of(one.socket.open(echo_path)), 101);
  std::string large(1 << 20, '\0');
  for (std::size_t at = 0; at < large.size(); ++at) large[at] = static_cast<char>(at * 31 >> 3);
  one.socket.send(opcode::binary, large);
  const auto back = one.socket.receive();
  EXPECT_EQ(back.kind, opcode::binary);
  EXPECT_TRUE(back.payload == large);
}

TEST(tunnels, end_when_the_client_closes) {
  gateway at_work;
  caller one{at_work};
  one.socket.open(echo_path);
  EXPECT_EQ(at_work.tunnels(), 1U);
  one.socket.send(opcode::close, close_payload(1000));
  EXPECT_EQ(one.socket.receive(), (frame{opcode::close, close_payload(1000)}));
  EXPECT_TRUE(one.socket.ended());
  one.wire.close();
  EXPECT_TRUE(at_work.await_requests(0));
  EXPECT_EQ(at_work.tunnels(), 0U);
  EXPECT_EQ(at_work.abandoned(), 0U);
}

TEST(tunnels, end_upstream_when_the_client_just_leaves) {
  gateway at_work;
  for (const bool hard : {false, true}) {
    caller one{at_work};
    one.socket.open(echo_path);
    if (hard) {
      one.wire.reset();
    } else {
      one.wire.close();
    }
    EXPECT_TRUE(at_work.await_requests(0));
  }
  EXPECT_TRUE(gateway::eventually([&] { return at_work.abandoned() == 2; }));
}

TEST(tunnels, carry_what_a_speech_client_of_elevenlabs_says) {
  gateway at_work;
  caller one{at_work};
  EXPECT_EQ(status_of(one.socket.open("/openai/v1/text-to-speech/rachel/stream-input?model_id=m&output_format=pcm")),
            101);
  one.socket.send(opcode::text, R"({"text":" ","voice_settings":null,"generation_config":{}})");
  one.socket.send(opcode::text, R"({"text":"Hello ","try_trigger_generation":true})");
  const auto audio = boost::json::parse(one.socket.receive().payload);
  EXPECT_EQ(audio.at("audio").as_string(), "cmFjaGVsOiBIZWxsbyA=") << "rachel: Hello";
  EXPECT_EQ(audio.at("alignment").at("chars").as_array().size(), 6U);
  one.socket.send(opcode::text, R"({"text":""})");
  EXPECT_TRUE(boost::json::parse(one.socket.receive().payload).at("isFinal").as_bool());
  EXPECT_EQ(one.socket.receive(), (frame{opcode::close, close_payload(1000)})) << "from upstream, without being asked";
  one.socket.send(opcode::close, close_payload(1000));
  EXPECT_TRUE(one.socket.ended());
}

TEST(tunnels, carry_what_a_speech_client_of_sarvam_says) {
  gateway at_work;
  caller one{at_work};
  one.socket.open("/openai/text-to-speech/ws?model=bulbul:v2&send_completion_event=true");
  one.socket.send(opcode::text, R"({"type":"config","data":{"speaker":"vidya","output_audio_codec":"wav"}})");
  one.socket.send(opcode::text, R"({"type":"text","data":{"text":"Hello"}})");
  one.socket.send(opcode::text, R"({"type":"flush"})");
  const auto audio = boost::json::parse(one.socket.receive().payload);
  EXPECT_EQ(audio.at("type").as_string(), "audio");
  EXPECT_EQ(audio.at("data").at("content_type").as_string(), "audio/wav");
  EXPECT_EQ(audio.at("data").at("audio").as_string(), "dmlkeWE6IEhlbGxv") << "vidya: Hello";
  EXPECT_EQ(boost::json::parse(one.socket.receive().payload).at("data").at("event_type").as_string(), "final");
}

TEST(tunnels, are_asked_for_with_the_credential_and_the_fields_of_the_handshake) {
  gateway at_work;
  caller one{at_work};
  one.socket.open("/openai/echo?model=gpt-realtime",
                  "Authorization: Bearer sk-test\r\nSec-WebSocket-Protocol: realtime, other\r\n"
                  "Sec-WebSocket-Extensions: permessage-deflate\r\nOpenAI-Beta: realtime=v1\r\n"
                  "Accept-Encoding: gzip, br\r\nX-Refrain-Tags: a\r\nKeep-Alive: timeout=5\r\n");
  const auto seen = at_work.last_request();
  EXPECT_EQ(seen.method, "GET");
  EXPECT_EQ(seen.target, "/v1/echo?model=gpt-realtime");
  EXPECT_EQ(seen.header("connection"), "Upgrade");
  EXPECT_EQ(seen.header("upgrade"), "websocket");
  EXPECT_EQ(seen.header("sec-websocket-version"), "13");
  EXPECT_EQ(seen.header("sec-websocket-key"), "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(seen.header("sec-websocket-protocol"), "realtime, other");
  EXPECT_EQ(seen.header("sec-websocket-extensions"), "permessage-deflate");
  EXPECT_EQ(seen.header("authorization"), "Bearer sk-lent");
  EXPECT_EQ(seen.header("openai-beta"), "realtime=v1");
  EXPECT_EQ(seen.header("accept-encoding"), "gzip, br");
  EXPECT_TRUE(seen.header("via").starts_with("1.1 refrain"));
  EXPECT_FALSE(seen.has("x-refrain-tags"));
  EXPECT_FALSE(seen.has("keep-alive"));
}

TEST(tunnels, pass_on_the_subprotocol_that_the_upstream_chooses) {
  gateway at_work;
  caller one{at_work};
  EXPECT_TRUE(one.socket.open(echo_path, "Sec-WebSocket-Protocol: realtime, other\r\n")
                  .contains("\r\nSec-WebSocket-Protocol: realtime"));
}

class refusals_of_upstreams : public testing::TestWithParam<int> {};

TEST_P(refusals_of_upstreams, are_ordinary_answers) {
  gateway at_work;
  const auto refused = std::to_string(GetParam());
  auto client = at_work.client();
  client.send(opening(echo_path, "x-mock-status: " + refused + "\r\n"));
  const auto got = client.receive();
  EXPECT_EQ(got.status, GetParam());
  EXPECT_TRUE(got.complete);
  EXPECT_EQ(got.outcome(), "BYPASS");
  EXPECT_EQ(got.count("upgrade"), 0U);
  EXPECT_TRUE(got.body.contains("\"error\"")) << got.body;
  EXPECT_EQ(client.get("/v1/models").status, 200) << "the connection is still in step";
  EXPECT_EQ(at_work.tunnels(), 0U);
}

INSTANTIATE_TEST_SUITE_P(each, refusals_of_upstreams, testing::Values(401, 403, 404, 429, 503));

TEST(tunnels, to_an_upstream_that_is_down_are_502_in_its_own_shape) {
  gateway at_work{{.upstream_is_up = false}};
  auto client = at_work.client();
  client.send(opening(echo_path));
  const auto got = client.receive();
  EXPECT_EQ(got.status, 502);
  EXPECT_TRUE(got.body.contains(R"("code":"upstream_unreachable")")) << got.body;
}

TEST(tunnels, end_upstream_when_the_client_leaves_before_they_are_open) {
  gateway at_work;
  auto client = at_work.client();
  client.send(opening(echo_path, "x-mock-latency-ms: 600000\r\n"));
  EXPECT_TRUE(gateway::eventually([&] { return at_work.upstream().counters().in_flight == 1; }));
  client.leave();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.abandoned() == 1; }));
  EXPECT_TRUE(at_work.await_requests(0));
}

TEST(tunnels, are_admitted_like_every_request) {
  gateway at_work{{.configure = [](auto& to) { to.server.origins = {"http://app.lan:3000"}; }}};
  for (const auto& [field, status] :
       {std::pair{"Origin: https://evil.example\r\n", 403}, std::pair{"sec-fetch-site: cross-site\r\n", 403},
        std::pair{"Origin: http://app.lan:3000\r\n", 101}, std::pair{"x-refrain-client-key: nobody's\r\n", 401}}) {
    caller one{at_work};
    EXPECT_EQ(status_of(one.socket.open(echo_path, field)), status) << field;
  }
  auto rebound = at_work.client();
  auto request = opening(echo_path);
  request.replace(request.find("localhost"), std::string_view{"localhost"}.size(), "evil.example");
  rebound.send(request);
  EXPECT_EQ(rebound.receive().status, 421);
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST(tunnels, that_come_back_end_with_508) {
  gateway at_work;
  at_work.reload([&](auto& to) {
    to.upstreams["openai"].base_url = "http://127.0.0.1:" + std::to_string(at_work.port()) + "/v1";
  });
  caller one{at_work};
  EXPECT_EQ(status_of(one.socket.open("/v1/realtime")), 508);
}

TEST(tunnels, are_nothing_that_other_requests_become) {
  gateway at_work;
  auto client = at_work.client();
  const header_list other{
      {"Connection", "Upgrade, HTTP2-Settings"}, {"Upgrade", "h2c"}, {"HTTP2-Settings", "AAMAAABk"}};
  EXPECT_EQ(client.get("/v1/models", other).status, 200);
  EXPECT_FALSE(at_work.last_request().has("upgrade"));
  const header_list asks{{"Connection", "Upgrade"}, {"Upgrade", "websocket"}};
  EXPECT_EQ(client.post(chat_path, chat("hello"), asks).outcome(), "MISS");
  EXPECT_EQ(client.post("/openai/echo", "text", asks).body, "text");
  EXPECT_EQ(client.get("/v1/models", {{"Upgrade", "websocket"}}).status, 200) << "Connection does not name it";
  EXPECT_FALSE(at_work.last_request().has("upgrade"));
}

TEST(tunnels, go_on_while_the_gateway_drains_and_new_ones_are_sent_away) {
  gateway at_work;
  caller one{at_work};
  one.socket.open(echo_path);
  at_work.drain();
  caller late{at_work};
  EXPECT_EQ(status_of(late.socket.open(echo_path)), 503);
  one.socket.send(opcode::text, "still here");
  EXPECT_EQ(one.socket.receive().payload, "still here");
}

TEST(tunnels, count_among_the_connections) {
  gateway at_work{{.configure = [](auto& to) { to.server.max_connections = 1; }, .threads = 1}};
  caller one{at_work};
  EXPECT_EQ(status_of(one.socket.open(echo_path)), 101);
  EXPECT_FALSE(at_work.client().get("/healthz").complete);
  one.wire.close();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.client().get("/healthz").status == 200; }));
}

TEST(tunnels, are_counted_in_all_and_while_they_are_open) {
  gateway at_work;
  caller one{at_work};
  one.socket.open(echo_path);
  auto client = at_work.client();
  const auto open = client.get("/metrics").body;
  EXPECT_TRUE(open.contains("refrain_tunnels_total{upstream=\"openai\"} 1\n")) << open;
  EXPECT_TRUE(open.contains("refrain_tunnels 1\n")) << open;
  EXPECT_TRUE(open.contains("refrain_relayed_total{upstream=\"openai\"} 1\n")) << open;
  one.wire.close();
  EXPECT_TRUE(gateway::eventually([&] { return client.get("/metrics").body.contains("refrain_tunnels 0\n"); }));
}

}  // namespace
}  // namespace refrain::tests
