// A list's answer that is not what was asked for goes to the client as it came, and none of it is stored.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

struct endpoint {
  std::string dialect;
  std::string path;
  std::string list;  ///< the body that asks for a and b
  std::string good;  ///< an answer to it
};

const std::vector<endpoint>& endpoints() {
  static const std::vector<endpoint> all{
      {.dialect = "openai",
       .path = "/odd/embeddings",
       .list = R"({"model":"m","input":["a","b"]})",
       .good = R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.5]},)"
               R"({"object":"embedding","index":1,"embedding":[2.5]}],"model":"m","usage":{"prompt_tokens":2}})"},
      {.dialect = "gemini",
       .path = "/odd/v1beta/models/m:batchEmbedContents",
       .list = R"({"requests":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]}}]})",
       .good = R"({"embeddings":[{"values":[1.5]},{"values":[2.5]}]})"},
      {.dialect = "ollama",
       .path = "/odd/api/embed",
       .list = R"({"model":"m","input":["a","b"]})",
       .good = R"({"model":"m","embeddings":[[1.5],[2.5]],"prompt_eval_count":2})"},
      {.dialect = "sarvam",
       .path = "/odd/text-to-speech",
       .list = R"({"inputs":["a","b"],"target_language_code":"hi-IN","model":"bulbul:v2"})",
       // Two clips of twelve samples.
       .good =
           R"({"request_id":"r","audios":["UklGRjwAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YRgAAAAlWo/E+S5jmM0CN2yh1gtAdarfFEl+s+g=",)"
           R"("UklGRjwAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YRgAAABKf7TpHlOIvfInXJHG+zBlms8EOW6j2A0="]})"},
  };
  return all;
}

/// An upstream that answers with these bytes, whatever it is asked.
class odd_lists : public testing::Test {
 protected:
  http_answer ask(const endpoint& of, std::string answer) {
    scripted_upstream provider{[answer = std::move(answer)](auto& now) { now.write(answer); }};
    gateway at_work{{.configure = [&](auto& to) {
      to.upstreams["odd"] = {.base_url = provider.base_url().substr(0, provider.base_url().rfind('/')),
                             .dialect = of.dialect};
    }}};
    auto got = at_work.client().post(of.path, of.list);
    EXPECT_TRUE(at_work.entries().empty()) << of.dialect << ": " << got.body;
    return got;
  }
};

TEST_F(odd_lists, are_passed_on_as_they_came) {
  const std::vector<std::string> answers{
      R"({"error":{"message":"over quota"}})", "[]", "{}", "null", R"({"data":[]})", R"({"audios":[""]})",
      R"({"audios":[null,null]})", R"({"audios":["%%","%%"]})",
      // Pages in place of audio.
      R"({"audios":["PGh0bWw+PGI+QmFkIGdhdGV3YXk8L2I+PC9odG1sPg==","PGh0bWw+PGI+QmFkIGdhdGV3YXk8L2I+PC9odG1sPg=="]})",
      R"({"embeddings":[[1.5]]})", R"({"embeddings":[[],[]]})", R"({"embeddings":[{"values":[1.5]}]})",
      "<html>busy</html>", R"({"data":[{"index":0,"embedding":[1.5]},{"index":0,"embedding":[2.5]}]})",
      R"({"data":[{"index":null,"embedding":[1.5]},{"index":null,"embedding":[2.5]}]})",
      R"({"data":[{"index":0,"embedding":[1.5]}]})",
      R"({"data":[{"index":0,"embedding":[[1.5],[1.0]]},{"index":1,"embedding":[[2.5],[1.0]]}]})"};
  for (const auto& of : endpoints()) {
    for (const auto& answer : answers) {
      const auto got = ask(of, response(answer));
      EXPECT_EQ(got.status, 200) << of.dialect << ": " << answer;
      EXPECT_EQ(got.body, answer) << of.dialect;
      EXPECT_EQ(got.outcome(), "MISS") << of.dialect << ": " << answer;
      EXPECT_THAT(got.header("cache-status"), Not(HasSubstr("stored")));
    }
  }
}

/// Parts in another order are no oddity where each says its index.
TEST(permuted_lists, are_mapped_by_their_index_and_kept) {
  scripted_upstream provider{[](auto& now) {
    now.write(response(R"({"object":"list","data":[{"object":"embedding","index":1,"embedding":[2.5]},)"
                       R"({"object":"embedding","index":0,"embedding":[1.5]}],"model":"m"})"));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  const auto got = client.post("/v1/embeddings", R"({"model":"m","input":["a","b"]})");
  EXPECT_EQ(got.status, 200);
  EXPECT_THAT(got.body, HasSubstr(R"("data":[{"object":"embedding","embedding":[1.5],"index":0},)"
                                  R"({"object":"embedding","embedding":[2.5],"index":1}])"));
  const auto second = client.post("/v1/embeddings", R"({"model":"m","input":"b"})");
  EXPECT_EQ(second.outcome(), "HIT");
  EXPECT_THAT(second.body, HasSubstr("[2.5]"));
  EXPECT_EQ(provider.calls(), 1U);
}

/// With late chunking each vector depends on all texts of its request.
TEST(late_chunking, makes_a_request_one_entry) {
  const std::string answer = R"({"data":[{"index":0,"embedding":[1.5]},{"index":1,"embedding":[2.5]}],"model":"m"})";
  scripted_upstream provider{[&](auto& now) { now.write(response(answer)); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  const auto ask = [&](std::string_view texts) {
    return client.post("/v1/embeddings", R"({"model":"m","late_chunking":true,"input":)" + std::string{texts} + "}");
  };
  EXPECT_EQ(ask(R"(["a","b"])").body, answer);
  const auto again = ask(R"(["a","b"])");
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(again.body, answer);
  EXPECT_EQ(ask(R"(["a","c"])").outcome(), "MISS");
  EXPECT_EQ(ask(R"(["a"])").outcome(), "MISS");
  EXPECT_EQ(at_work.entries().size(), 3U);
}

TEST_F(odd_lists, in_a_coding_that_nobody_asked_for_are_passed_on) {
  for (const auto& of : endpoints()) {
    const auto got = ask(of, response("\x1f\x8b-zipped", "application/json", "Content-Encoding: gzip\r\n"));
    EXPECT_EQ(got.status, 200) << of.dialect;
    EXPECT_EQ(got.body, "\x1f\x8b-zipped");
    EXPECT_EQ(got.header("content-encoding"), "gzip");
  }
}

/// One item is at hand; the answer for the other is odd. What the upstream says to the whole list is passed on.
TEST_F(odd_lists, for_what_was_left_have_the_whole_asked_for) {
  for (const auto& of : endpoints()) {
    const std::string odd = R"({"error":{"message":"over quota"}})";
    std::vector<std::string> asked;
    scripted_upstream provider{[&](auto& now) {
      asked.push_back(now.request.substr(now.request.find("\r\n\r\n") + 4));
      now.write(response(now.number == 1 ? of.good : odd));
    }};
    gateway at_work{{.configure = [&](auto& to) {
      to.upstreams["odd"] = {.base_url = provider.base_url().substr(0, provider.base_url().rfind('/')),
                             .dialect = of.dialect};
    }}};
    auto client = at_work.client();
    ASSERT_EQ(client.post(of.path, of.list).status, 200) << of.dialect;
    auto more = of.list;
    more.replace(more.rfind("\"b\""), 3, "\"c\"");
    const auto got = client.post(of.path, more);
    EXPECT_EQ(got.status, 200) << of.dialect;
    EXPECT_EQ(got.body, odd) << of.dialect;
    ASSERT_EQ(asked.size(), 3U) << of.dialect << ": for all, for the one that was left, for the whole";
    EXPECT_EQ(asked[2], more) << of.dialect;
    EXPECT_EQ(client.post(of.path, of.list).outcome(), "HIT") << of.dialect;
  }
}

}  // namespace
}  // namespace refrain::tests
