#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <tuple>

#include "base/base64.h"
#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr std::string_view speech_path = "/v1/audio/speech";
constexpr std::string_view hello = R"({"model":"tts-1","input":"Hello there.","voice":"alloy"})";
constexpr std::string_view hello_in_events =
    R"({"model":"tts-1","input":"Hello there.","voice":"alloy","stream_format":"sse"})";

/// An empty tag and a frame of MPEG-1, layer III, 128 kbit/s at 44.1 kHz; more follows. Every byte there is, so that
/// nothing takes it for text.
std::string some_audio(std::size_t size = 1000) {
  std::string audio("ID3\x04\0\0\0\0\0\0\xFF\xFB\x90\xC4", 14);
  while (audio.size() < size) audio.push_back(static_cast<char>(audio.size() * 37));
  return audio;
}

std::string audio_response(std::string_view audio) { return response(audio, "audio/mpeg", "x-request-id: req_1\r\n"); }

/// A gateway in front of a provider that speaks `audio`.
class speech : public testing::Test {
 protected:
  std::string audio = some_audio();
  scripted_upstream provider{[this](auto& now) { now.write(audio_response(audio)); }};
  gateway at_work{{.configure = [this](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  http_client client = at_work.client();
};

TEST_F(speech, is_recorded_and_replayed_to_the_byte) {
  const auto miss = client.post(speech_path, hello);
  const auto hit = client.post(speech_path, hello);
  EXPECT_EQ(miss.outcome(), "MISS");
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_TRUE(miss.body == audio && hit.body == audio);
  EXPECT_EQ(hit.header("content-type"), "audio/mpeg");
  EXPECT_EQ(hit.header("content-length"), std::to_string(audio.size()));
  EXPECT_EQ(hit.header("x-request-id"), "req_1");
  EXPECT_EQ(provider.calls(), 1U);
  // tts-1 is billed by the character: twelve of them at $15 a million.
  EXPECT_EQ(hit.header("x-refrain-saved-usd"), "0.000180");
}

TEST_F(speech, is_stored_under_a_name_that_says_what_it_is_for_the_time_of_its_level) {
  client.post(speech_path, hello, {{"x-refrain-level", "quality"}});
  const auto entries = at_work.entries();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_THAT(storage_name(entries[0].id), MatchesRegex("tts:openai:alloy:[0-9a-f]{64}:mp3"));
  EXPECT_EQ(entries[0].ttl, std::chrono::seconds{1800});
  client.post(speech_path, R"({"model":"tts-1","input":"Other.","voice":"nova","response_format":"wav"})");
  EXPECT_EQ(at_work.entries().size(), 2U);
}

TEST_F(speech, gives_the_part_that_a_player_asks_for) {
  client.post(speech_path, hello);
  const auto part = client.post(speech_path, hello, {{"Range", "bytes=10-19"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_TRUE(part.body == audio.substr(10, 10));
  EXPECT_EQ(part.header("content-range"), "bytes 10-19/1000");
  EXPECT_EQ(part.header("content-length"), "10");
  EXPECT_EQ(part.outcome(), "HIT");

  const auto beyond = client.post(speech_path, hello, {{"Range", "bytes=1000-"}});
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.header("content-range"), "bytes */1000");
  EXPECT_EQ(beyond.body, "");

  const auto whole = client.post(speech_path, hello);
  EXPECT_EQ(whole.header("accept-ranges"), "bytes");
  const auto tag = whole.header("etag");
  EXPECT_EQ(client.post(speech_path, hello, {{"Range", "bytes=0-1"}, {"If-Range", tag}}).status, 206);
  EXPECT_EQ(client.post(speech_path, hello, {{"Range", "bytes=0-1"}, {"If-Range", "\"other\""}}).status, 200);
}

TEST_F(speech, is_not_sent_again_to_who_has_it) {
  client.post(speech_path, hello);
  const auto tag = client.post(speech_path, hello).header("etag");
  const auto same = client.post(speech_path, hello, {{"If-None-Match", tag}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.header("etag"), tag);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(client.post(speech_path, hello, {{"If-None-Match", "\"0123456789abcdef\""}}).status, 200);
  EXPECT_EQ(provider.calls(), 1U);

  at_work.purge({});
  client.post(speech_path, hello);
  EXPECT_EQ(client.post(speech_path, hello, {{"If-None-Match", tag}}).status, 200) << "another recording";
}

TEST_F(speech, of_a_wav_that_nobody_knew_the_sizes_of_says_them_where_the_operator_asks) {
  const std::string unknown(4, '\xFF');
  const std::string samples(1000, '\x05');
  const auto wav = [&](const std::string& riff, const std::string& data) {
    return "RIFF" + riff + "WAVEfmt " + std::string("\x10\0\0\0", 4) + std::string(16, '\1') + "data" + data + samples;
  };
  audio = wav(unknown, unknown);
  const auto whole = wav(std::string("\x0C\x04\0\0", 4), std::string("\xE8\x03\0\0", 4));
  client.post(speech_path, hello);
  const auto raw = client.post(speech_path, hello);
  EXPECT_EQ(raw.outcome(), "HIT");
  EXPECT_TRUE(raw.body == audio) << "as it came";

  at_work.reload([](auto& to) { to.cache.wav_sizes = true; });
  const auto hit = client.post(speech_path, hello);
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_TRUE(hit.body == whole);
  EXPECT_EQ(hit.header("content-length"), std::to_string(whole.size()));
  const auto tag = hit.header("etag");
  EXPECT_NE(tag, raw.header("etag")) << "other bytes";
  for (const auto& [range, from, size] : {std::tuple{"bytes=0-1", 0U, 2U}, std::tuple{"bytes=38-50", 38U, 13U},
                                          std::tuple{"bytes=44-47", 44U, 4U}, std::tuple{"bytes=-3", 1041U, 3U}}) {
    const auto part = client.post(speech_path, hello, {{"Range", range}, {"If-Range", tag}});
    EXPECT_EQ(part.status, 206);
    EXPECT_TRUE(part.body == whole.substr(from, size)) << range;
  }
  EXPECT_EQ(client.post(speech_path, hello, {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(client.post(speech_path, hello, {{"If-None-Match", raw.header("etag")}}).status, 200);
  EXPECT_EQ(provider.calls(), 1U);
}

TEST_F(speech, counts_what_a_voice_platform_watches) {
  client.post(speech_path, hello);
  client.post(speech_path, hello);
  const auto text = client.get("/metrics").body;
  for (const std::string_view line : {
           "tts_requests_total{cache=\"hit\",provider=\"openai\"} 1\n",
           "tts_requests_total{cache=\"miss\",provider=\"openai\"} 1\n",
           "tts_cache_hits_total{provider=\"openai\"} 1\n",
           "tts_latency_seconds_count{provider=\"openai\"} 2\n",
           "cache_hits_total{cache_type=\"tts\",optimization_level=\"balanced\"} 1\n",
           "api_cost_usd_total{provider=\"openai\",service=\"tts\"} 0.00018\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(speech_asked_for_in_part, is_recorded_whole) {
  std::promise<std::string> seen;
  scripted_upstream provider{[&](auto& now) {
    if (now.number == 1) seen.set_value(now.request);
    now.write(audio_response(some_audio()));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  const auto miss = client.post(speech_path, hello, {{"Range", "bytes=0-3"}, {"If-None-Match", "\"x\""}});
  EXPECT_EQ(miss.status, 200);
  EXPECT_TRUE(miss.body == some_audio());
  const auto request = seen.get_future().get();
  EXPECT_THAT(request, Not(HasSubstr("bytes=0-3")));
  EXPECT_THAT(request, Not(HasSubstr("If-None-Match")));
  EXPECT_EQ(client.post(speech_path, hello, {{"Range", "bytes=0-3"}}).status, 206);
}

TEST(speech_on_its_way, reaches_the_client_piece_by_piece) {
  std::promise<void> heard;
  const auto audio = some_audio();
  scripted_upstream provider{[&](auto& now) {
    now.write("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n\r\n" +
              chunk(audio + "first"));
    heard.get_future().wait();
    now.write(chunk("second") + chunk(""));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  client.ask("POST", speech_path, hello);
  EXPECT_THAT(client.receive_until("first"), HasSubstr("first"));
  heard.set_value();
  client.receive_until("second");
  EXPECT_EQ(at_work.client().post(speech_path, hello).body, audio + "firstsecond");
}

TEST(speech_in_events, serves_those_who_want_the_audio) {
  const auto audio = some_audio();
  const auto delta = [](std::string_view piece) {
    return "data: {\"type\":\"speech.audio.delta\",\"audio\":\"" + base::base64_encode(piece) + "\"}\n\n";
  };
  scripted_upstream provider{[&](auto& now) {
    now.write(stream_head() +
              chunk(delta(audio.substr(0, 500)) + delta(audio.substr(500)) +
                    "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}\n\n") +
              chunk(""));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  const auto miss = client.post(speech_path, hello_in_events);
  EXPECT_EQ(client.post(speech_path, hello_in_events).body, miss.body);
  const auto plain = client.post(speech_path, hello);
  EXPECT_EQ(plain.outcome(), "HIT");
  EXPECT_TRUE(plain.body == audio);
  EXPECT_EQ(plain.header("content-type"), "audio/mpeg");
  EXPECT_EQ(client.post(speech_path, hello, {{"Range", "bytes=1-2"}}).body, "D3");
  EXPECT_EQ(provider.calls(), 1U);
}

TEST(speech_that_failed, is_not_stored_and_is_counted) {
  scripted_upstream provider{[](auto& now) {
    if (now.number == 1) now.write(response("{\"error\":\"no voice\"}"));
    if (now.number == 2) now.write("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\nRetry-After: 1\r\n\r\n{}");
    if (now.number == 3) now.write("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 9\r\n\r\nID3");
    if (now.number == 3) now.close();
    if (now.number > 3) now.write(audio_response(some_audio()));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  EXPECT_EQ(at_work.client().post(speech_path, hello).body, "{\"error\":\"no voice\"}");
  EXPECT_EQ(at_work.client().post(speech_path, hello).status, 429);
  EXPECT_FALSE(at_work.client().post(speech_path, hello).complete);
  EXPECT_EQ(at_work.client().post(speech_path, hello).outcome(), "MISS");
  EXPECT_EQ(at_work.client().post(speech_path, hello).outcome(), "HIT");
  const auto text = at_work.client().get("/metrics").body;
  EXPECT_THAT(text, HasSubstr("tts_failures_total{provider=\"openai\",reason=\"http_429\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("tts_failures_total{provider=\"openai\",reason=\"upstream_closed\"} 1\n"));
}

struct odd_speech {
  std::string_view name;
  std::string answer;  ///< head and body
  bool is_kept = false;
  bool ends_with_connection = false;
};

std::string head(std::string_view fields) { return "HTTP/1.1 200 OK\r\n" + std::string{fields} + "\r\n"; }

const odd_speech odd_speeches[]{
    {"json", response(R"({"error":{"message":"The voice is not known."}})", "audio/mpeg")},
    {"html", response("<html><body><h1>502 Bad Gateway</h1></body></html>", "audio/mpeg")},
    {"one_byte", response("\xFF", "audio/mpeg")},
    {"tag_alone", response(std::string("ID3\x04\0\0\0\0\0\0", 10), "audio/mpeg")},
    {"ended_with_its_connection", head("Content-Type: audio/mpeg\r\nConnection: close\r\n") + some_audio(), false,
     true},
    {"labelled_as_a_page", response(some_audio(), "text/html")},
    {"ogg", response(some_audio(), "application/ogg"), true},
};

class odd_speech_of_the_upstream : public testing::TestWithParam<odd_speech> {};

TEST_P(odd_speech_of_the_upstream, passes_as_it_comes_and_is_kept_where_it_is_speech) {
  const auto& how = GetParam();
  scripted_upstream provider{[&](auto& now) {
    now.write(how.answer);
    if (how.ends_with_connection) now.close();
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  const auto miss = at_work.client().post(speech_path, hello);
  const auto again = at_work.client().post(speech_path, hello);
  EXPECT_TRUE(how.answer.ends_with(miss.body) && miss.body == again.body);
  EXPECT_EQ(miss.outcome(), "MISS");
  EXPECT_EQ(again.outcome(), how.is_kept ? "HIT" : "MISS");
}

INSTANTIATE_TEST_SUITE_P(each, odd_speech_of_the_upstream, testing::ValuesIn(odd_speeches),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(speech_without_a_type, has_none_in_a_hit) {
  const auto audio = some_audio();
  scripted_upstream provider{
      [&](auto& now) { now.write(head("Content-Length: " + std::to_string(audio.size()) + "\r\n") + audio); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  const auto miss = client.post(speech_path, hello);
  const auto hit = client.post(speech_path, hello);
  EXPECT_EQ(hit.outcome(), "HIT");
  for (const auto* const one : {&miss, &hit}) EXPECT_EQ(one->count("content-type"), 0U);
}

}  // namespace
}  // namespace refrain::tests
