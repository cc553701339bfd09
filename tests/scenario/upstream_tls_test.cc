#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "support/gateway.h"
#include "support/temp_folder.h"

namespace refrain::tests {
namespace {

/// A certificate for `name`, made for this test and signed by itself.
class certificate {
 public:
  explicit certificate(const std::string& name) {
    const auto command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" + name +
        " -addext subjectAltName=DNS:" + name + " -keyout " + key() + " -out " + chain() + " 2>/dev/null";
    made_ = std::system(command.c_str()) == 0;
  }
  [[nodiscard]] bool made() const { return made_; }
  [[nodiscard]] std::string chain() const { return folder_.file("chain.pem"); }
  [[nodiscard]] std::string key() const { return folder_.file("key.pem"); }
  [[nodiscard]] mock::options shown() const { return {.tls_certificate = chain(), .tls_key = key()}; }

 private:
  temp_folder folder_;
  bool made_ = false;
};

TEST(upstream_tls, an_upstream_that_is_trusted_is_asked_and_its_connection_kept) {
  const certificate shown{"localhost"};
  ASSERT_TRUE(shown.made());
  gateway at_work{{.upstream = shown.shown(), .threads = 1, .trusted_certificate = shown.chain()}};
  auto client = at_work.client();
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "MISS");
  const auto big = client.post(chat_path, chat("hi", streamed), {{"x-mock-bytes", "200000"}, {"x-mock-chunk", "40"}});
  EXPECT_TRUE(big.complete);
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "HIT");
  EXPECT_EQ(at_work.upstream().counters().connections, 1U);
}

TEST(upstream_tls, an_unknown_authority_is_502_with_the_reason) {
  const certificate shown{"localhost"};
  ASSERT_TRUE(shown.made());
  gateway at_work{{.upstream = shown.shown()}};
  for (const auto path : {chat_path, std::string_view{"/v1/models"}}) {
    const auto got = at_work.client().post(path, chat("hello"));
    EXPECT_EQ(got.status, 502);
    EXPECT_TRUE(got.body.contains(R"("code":"upstream_tls")")) << got.body;
    EXPECT_TRUE(got.body.contains("self-signed certificate")) << got.body;
    EXPECT_EQ(got.header("x-should-retry"), "false");
  }
  EXPECT_EQ(at_work.calls(), 0);
}

TEST(upstream_tls, a_certificate_for_another_name_is_502_with_the_reason) {
  const certificate shown{"elsewhere"};
  ASSERT_TRUE(shown.made());
  gateway at_work{{.upstream = shown.shown(), .trusted_certificate = shown.chain()}};
  const auto got = at_work.client().post(chat_path, chat("hello"));
  EXPECT_EQ(got.status, 502);
  EXPECT_TRUE(got.body.contains("localhost")) << got.body;
  EXPECT_EQ(at_work.calls(), 0);
}

TEST(upstream_tls, a_plain_text_port_is_502_with_the_reason) {
  gateway at_work;
  at_work.reload([&](auto& to) {
    to.upstreams["openai"].base_url = "https://localhost:" + std::to_string(at_work.upstream_port()) + "/v1";
  });
  const auto got = at_work.client().post(chat_path, chat("hello"));
  EXPECT_EQ(got.status, 502);
  EXPECT_TRUE(got.body.contains(R"("code":"upstream_tls")")) << got.body;
}

}  // namespace
}  // namespace refrain::tests
