#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "support/mock/audio.h"
#include "support/mock/client.h"
#include "support/mock/server.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;
using test::client;
using test::request;

/// An endpoint that speaks, a body that it serves, and how its clients show a key.
struct speaker {
  const char* target;
  const char* body;
  header key;
  unsigned keyless;
};

const speaker speakers[] = {
    {"/v1/audio/speech",
     R"({"model":"gpt-4o-mini-tts","voice":"alloy","input":"Hello there"})",
     {"Authorization", "Bearer right"},
     401},
    {"/v1/text-to-speech/v", R"({"text":"Hello there"})", {"xi-api-key", "right"}, 401},
    {"/v1/text-to-speech/v/stream", R"({"text":"Hello there"})", {"xi-api-key", "right"}, 401},
    {"/text-to-speech", R"({"text":"Hello there","language_code":"en-IN"})", {"api-subscription-key", "right"}, 403},
    {"/text-to-speech/stream", R"({"text":"Hello there"})", {"api-subscription-key", "right"}, 403},
    {"/v1/speak", R"({"text":"Hello there"})", {"Authorization", "Token right"}, 401},
    {"/tts/bytes",
     R"({"model_id":"sonic-3","transcript":"Hello there","voice":{"mode":"id","id":"v"},)"
     R"("output_format":{"container":"wav","encoding":"pcm_s16le","sample_rate":8000}})",
     {"X-API-Key", "right"},
     401},
};

class speaking_server : public test::running_server {
 protected:
  void SetUp() override { start({.require_key = "right"}); }
};

TEST_F(speaking_server, wants_the_key_as_each_provider_does) {
  client one(port_);
  for (const auto& [target, body, key, keyless] : speakers) {
    EXPECT_EQ(one.ask(request("POST", target, body)).status, keyless) << target;
    EXPECT_EQ(one.ask(request("POST", target, body, {{key.name, "Bearer wrong"}})).status, keyless) << target;
    EXPECT_EQ(one.ask(request("POST", target, body, {key})).status, 200U) << target;
  }
}

TEST_F(speaking_server, says_the_same_again) {
  client one(port_);
  for (const auto& [target, body, key, keyless] : speakers) {
    if (std::string_view(target) == "/text-to-speech") continue;  // its JSON has an id
    const auto first = one.ask(request("POST", target, body, {key})).body;
    EXPECT_FALSE(test::proof_in(first).empty()) << target;
    EXPECT_EQ(one.ask(request("POST", target, body, {key})).body, first) << target;
  }
}

TEST_F(speaking_server, streams_a_chunk_for_so_many_words) {
  client one(port_);
  const auto& [target, body, key, keyless] = speakers[2];
  one.send(request("POST", target, body, {key, {"x-mock-stall", "1"}, {"x-mock-chunk", "1"}}));
  const auto begun = one.receive_until("ID3");
  EXPECT_NE(begun.find("Transfer-Encoding: chunked"), std::string::npos);
  client other(port_);
  const auto got = other.ask(request("POST", target, body, {key}));
  EXPECT_FALSE(got.fault);
  EXPECT_EQ(got.field("character-cost"), "11");
  EXPECT_LT(begun.size(), got.body.size()) << "the rest is held back";
}

TEST_F(speaking_server, breaks_off_within_the_sound) {
  client one(port_);
  const auto& [target, body, key, keyless] = speakers[5];
  const auto got = one.ask(request("POST", target, body, {key, {"x-mock-truncate", "1000"}}));
  EXPECT_EQ(got.body.size(), 1'000U);
  EXPECT_EQ(got.fault, boost::beast::http::error::partial_message);
}

TEST_F(speaking_server, words_a_status_that_is_asked_for_as_each_provider_does) {
  client one(port_);
  const auto member = [&](const speaker& who, const char* pointer) {
    const auto got = one.ask(request("POST", who.target, who.body, {who.key, {"x-mock-status", "429"}}));
    EXPECT_EQ(got.status, 429U);
    EXPECT_EQ(got.field("Retry-After"), "1");
    return json::parse(got.body).at_pointer(pointer);
  };
  EXPECT_EQ(member(speakers[0], "/error/code"), "rate_limit_exceeded");
  EXPECT_EQ(member(speakers[1], "/detail/status"), "too_many_concurrent_requests");
  EXPECT_EQ(member(speakers[3], "/error/code"), "rate_limit_exceeded_error");
  EXPECT_EQ(member(speakers[5], "/err_code"), "TOO_MANY_REQUESTS");
  EXPECT_EQ(member(speakers[6], "/error_code"), "concurrency_limited");
}

TEST_F(speaking_server, leaves_audios_out_where_a_header_asks_for_it) {
  client one(port_);
  constexpr std::string_view two = R"({"inputs":["One","Two"],"target_language_code":"en-IN"})";
  const auto got = one.ask(request("POST", "/text-to-speech", two, {speakers[3].key, {"x-mock-missing", "1"}}));
  EXPECT_EQ(json::parse(got.body).at("audios").as_array().size(), 1U);
}

}  // namespace
}  // namespace refrain::mock
