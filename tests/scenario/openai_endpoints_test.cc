#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"

namespace refrain::tests {
namespace {

namespace json = boost::json;

TEST(completions, serve_both_forms_from_one_entry) {
  const std::string plain = R"({"model":"gpt-3.5-turbo-instruct","prompt":"Once","logprobs":1})";
  const std::string stream = R"({"model":"gpt-3.5-turbo-instruct","prompt":"Once","logprobs":1,"stream":true})";
  for (const bool stream_first : {false, true}) {
    gateway at_work;
    auto client = at_work.client();
    const auto recorded = client.post("/v1/completions", stream_first ? stream : plain);
    const auto turned = client.post("/v1/completions", stream_first ? plain : stream);
    EXPECT_EQ(recorded.outcome(), "MISS");
    ASSERT_EQ(turned.outcome(), "HIT");
    std::string text;
    for (const auto& event : events_of(stream_first ? recorded.body : turned.body)) {
      if (event == "[DONE]") continue;
      for (const auto& choice : json::parse(event).at("choices").as_array()) text += choice.at("text").as_string();
    }
    const auto whole = json::parse(stream_first ? turned.body : recorded.body);
    EXPECT_EQ(whole.at_pointer("/choices/0/text"), json::value(text));
    EXPECT_TRUE(proves(text, plain));
    EXPECT_EQ(at_work.calls(), 1);
  }
}

/// A form with a file, as clients send it: each with a boundary and a file name of its own.
struct form {
  std::string boundary;
  std::string file_name = "speech.wav";
  std::string audio = "RIFF and more";
  std::string more{};  ///< fields, made by `field`

  [[nodiscard]] static std::string field(const std::string& boundary, const std::string& name,
                                         const std::string& text) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n";
  }
  [[nodiscard]] std::string body() const {
    return field(boundary, "model", "gpt-4o-transcribe") + more + "--" + boundary +
           "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + file_name +
           "\"\r\nContent-Type: audio/wav\r\n\r\n" + audio + "\r\n--" + boundary + "--\r\n";
  }
  [[nodiscard]] header_list headers() const { return {{"Content-Type", "multipart/form-data; boundary=" + boundary}}; }
};

TEST(transcriptions, are_found_again_whatever_the_boundary_and_the_file_name) {
  gateway at_work;
  auto client = at_work.client();
  const auto ask = [&](const form& one) {
    const auto got = client.post("/v1/audio/transcriptions", one.body(), one.headers());
    EXPECT_EQ(got.status, 200) << got.body;
    return got;
  };
  const auto first = ask({.boundary = "one"});
  const auto again = ask({.boundary = "two", .file_name = "other.wav"});
  EXPECT_EQ(first.outcome(), "MISS");
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(ask({.boundary = "two", .audio = "RIFF and less"}).outcome(), "MISS");
  EXPECT_EQ(ask({.boundary = "two", .more = form::field("two", "language", "en")}).outcome(), "MISS");
  EXPECT_EQ(at_work.last_request().body,
            form({.boundary = "two", .more = form::field("two", "language", "en")}).body());
}

TEST(transcriptions, serve_a_stream_from_the_json_and_keep_the_formats_apart) {
  gateway at_work;
  auto client = at_work.client();
  const auto ask = [&](const std::string& name, const std::string& value) {
    const form one{.boundary = "b", .more = name.empty() ? "" : form::field("b", name, value)};
    return client.post("/v1/audio/transcriptions", one.body(), one.headers());
  };
  const auto plain = ask("", "");
  const auto stream = ask("stream", "true");
  EXPECT_EQ(stream.outcome(), "HIT");
  EXPECT_EQ(stream.header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(json::parse(events_of(stream.body).back()).at("text"), json::parse(plain.body).at("text"));
  for (const auto* const format : {"text", "srt", "vtt", "verbose_json"}) {
    EXPECT_EQ(ask("response_format", format).outcome(), "MISS") << format;
    EXPECT_EQ(ask("response_format", format).outcome(), "HIT") << format;
  }
}

TEST(transcriptions, whose_form_is_not_understood_pass_through) {
  gateway at_work;
  auto client = at_work.client();
  const form one{.boundary = "b"};
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post("/v1/audio/transcriptions", one.body() + "an epilogue", one.headers());
    EXPECT_EQ(got.outcome(), "BYPASS");
    EXPECT_TRUE(got.header("cache-status").contains("malformed-body"));
  }
  EXPECT_EQ(at_work.last_request().body, one.body() + "an epilogue");
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(images, are_stored_where_the_answer_holds_them_and_not_where_it_links_to_them) {
  gateway at_work;
  auto client = at_work.client();
  const std::string whole = R"({"model":"gpt-image-1","prompt":"A hill"})";
  const auto first = client.post("/v1/images/generations", whole);
  const auto again = client.post("/v1/images/generations", whole);
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(again.body, first.body);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.post("/v1/images/generations", R"({"model":"dall-e-3","prompt":"A hill"})").outcome(), "MISS");
  }
  const std::string stream = R"({"model":"gpt-image-1","prompt":"A hill","stream":true,"partial_images":1})";
  EXPECT_EQ(client.post("/v1/images/generations", stream).outcome(), "MISS");
  EXPECT_EQ(client.post("/v1/images/generations", stream).outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 4);
}

TEST(moderations_and_rerank, are_found_again) {
  gateway at_work;
  auto client = at_work.client();
  for (const auto& [path, body] : {std::pair{"/v1/moderations", R"({"input":["a","b"]})"},
                                   std::pair{"/v1/rerank", R"({"model":"m","query":"q","documents":["a","b"]})"}}) {
    const auto first = client.post(path, body);
    const auto again = client.post(path, body);
    EXPECT_EQ(first.outcome(), "MISS");
    EXPECT_EQ(again.outcome(), "HIT");
    EXPECT_EQ(again.body, first.body);
    EXPECT_TRUE(proves(first.body, body));
  }
  EXPECT_EQ(at_work.calls(), 2);
}

}  // namespace
}  // namespace refrain::tests
