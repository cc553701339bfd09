#include "provider/rules/keyed_members.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "provider/registry.h"

namespace refrain::provider {
namespace {

struct sample {
  std::string_view family;
  std::string_view path;
  std::string body;  ///< a `$` where more members go
  std::string_view type = "application/json";
};

const std::vector<sample>& samples() {
  static const std::vector<sample> all{
      {"openai", "/chat/completions", R"({"model":"m","messages":[{"role":"user","content":"a"}]$})"},
      {"openai", "/completions", R"({"model":"m","prompt":"a"$})"},
      {"openai", "/responses", R"({"model":"m","input":"a"$})"},
      {"openai", "/embeddings", R"({"model":"m","input":["a","b"]$})"},
      {"openai", "/embeddings", R"({"model":"m","input":["a","b"],"late_chunking":true$})"},
      {"openai", "/audio/speech", R"({"model":"m","input":"a","voice":"v"$})"},
      {"openai", "/images/generations", R"({"prompt":"a"$})"},
      {"openai", "/rerank", R"({"query":"a","documents":["b"]$})"},
      {"anthropic", "/messages", R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"}]$})"},
      {"gemini", "/v1beta/models/m:generateContent", R"({"contents":[{"parts":[{"text":"a"}]}]$})"},
      {"gemini", "/v1beta/models/m:embedContent", R"({"content":{"parts":[{"text":"a"}]}$})"},
      {"gemini", "/v1beta/models/m:batchEmbedContents", R"({"requests":[{"content":{"parts":[{"text":"a"}]}$}]})"},
      {"ollama", "/api/chat", R"({"model":"m","messages":[{"role":"user","content":"a"}]$})"},
      {"ollama", "/api/embed", R"({"model":"m","input":["a"]$})"},
      {"elevenlabs", "/text-to-speech/v", R"({"text":"a"$})"},
      {"sarvam", "/text-to-speech", R"({"text":"a"$})"},
      {"deepgram", "/speak", R"({"text":"a"$})"},
      {"cartesia", "/tts/bytes",
       R"({"model_id":"m","transcript":"a","voice":{"mode":"id","id":"v"},"output_format":{"container":"wav","encoding":"pcm_s16le","sample_rate":8000}$})"},
  };
  return all;
}

/// What is asked, each item for itself where it is a list.
std::vector<base::digest256> contents(const sample& of, std::string_view more,
                                      const std::vector<std::string>& ignored) {
  auto body = of.body;
  body.replace(body.find('$'), 1, more);
  const auto parsed =
      find_endpoint(of.family, of.path)
          ->wire.read({.path = of.path, .query = {}, .body = body, .content_type = of.type, .ignored = ignored});
  EXPECT_EQ(parsed.why_not, uncacheable_reason::none) << body;
  if (parsed.list.items.empty()) return {parsed.content};
  std::vector<base::digest256> all;
  for (const auto& one : parsed.list.items) all.push_back(one.content);
  return all;
}

TEST(ignored_members, are_as_if_absent_at_every_endpoint) {
  const std::vector<std::string> none;
  const std::vector<std::string> named{"request_id", "session_id"};
  for (const auto& one : samples()) {
    const auto plain = contents(one, "", none);
    EXPECT_EQ(contents(one, R"(,"request_id":"1")", named), plain) << one.path;
    EXPECT_EQ(contents(one, R"(,"session_id":{"a":[2]},"request_id":3)", named), plain) << one.path;
    EXPECT_EQ(contents(one, "", named), plain) << one.path;
    EXPECT_NE(contents(one, R"(,"request_id":"1")", none), plain) << one.path;
    EXPECT_NE(contents(one, R"(,"Request_id":"1")", named), plain) << one.path << ": letter case counts";
  }
}

TEST(ignored_members, stand_at_the_top_alone) {
  const std::vector<std::string> named{"role"};
  const auto asked = [&](std::string_view role) {
    return contents({"openai", "/chat/completions",
                     R"({"model":"m","messages":[{"role":")" + std::string{role} + R"(","content":"a"}]$})"},
                    "", named);
  };
  EXPECT_NE(asked("user"), asked("system"));
}

TEST(ignored_members, are_parts_of_a_form_too) {
  const std::string head = "--b\r\nContent-Disposition: form-data; name=\"";
  const auto form = [&](std::string_view id) {
    std::string body = head + "file\"; filename=\"a.wav\"\r\n\r\nsound\r\n" + head + "model\"\r\n\r\nw\r\n";
    if (!id.empty()) body += head + "request_id\"\r\n\r\n" + std::string{id} + "\r\n";
    return sample{"openai", "/audio/transcriptions", body + "--b--\r\n$", "multipart/form-data; boundary=b"};
  };
  const std::vector<std::string> named{"request_id", "file", "model"};
  EXPECT_EQ(contents(form("1"), "", named), contents(form("2"), "", named));
  EXPECT_EQ(contents(form("1"), "", named), contents(form(""), "", named));
  EXPECT_NE(contents(form("1"), "", {}), contents(form(""), "", {}));
}

TEST(ignored_members, are_never_what_is_asked) {
  const std::vector<std::string> all{"model",   "messages",   "prompt", "input",    "contents",
                                     "content", "transcript", "text",   "requests", "query"};
  for (const auto& one : samples()) {
    auto other = one;
    const auto at = other.body.find(R"("a")");
    other.body.replace(at, 3, R"("other")");
    EXPECT_NE(contents(one, "", all), contents(other, "", all)) << one.path;
  }
}

TEST(chat_members, how_the_providers_prompt_cache_is_used_is_not_keyed) {
  const auto& chat = samples().front();
  for (const std::string_view more : {R"(,"prompt_cache_key":"k")", R"(,"prompt_cache_retention":"24h")",
                                      R"(,"prompt_cache_options":{"mode":"implicit","ttl":"30m"})"}) {
    EXPECT_EQ(contents(chat, more, {}), contents(chat, "", {})) << more;
  }
}

}  // namespace
}  // namespace refrain::provider
