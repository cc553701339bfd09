// After security.secret has changed, what the secret before it sealed is served, and put under the new one.
#include <gtest/gtest.h>

#include <string>

#include "mock/server.h"
#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/redis/server.h"
#include "support/temp_folder.h"

namespace refrain::tests {
namespace {

constexpr std::string_view embeddings_path = "/v1/embeddings";

class rotation : public testing::TestWithParam<const char*> {
 protected:
  /// A gateway over the same store with these secrets.
  gateway& open(const char* secret, const char* previous) {
    at_work_.reset();
    at_work_.reset(new gateway{{.configure =
                                    [=, this](config::settings& to) {
                                      // One upstream for all: entries belong to a base URL.
                                      to.upstreams["openai"].base_url = upstream_url_;
                                      to.memory.max_bytes = base::byte_count{0};
                                      to.redis.deadline = std::chrono::seconds{5};
                                      to.security.secret = base::secret{secret};
                                      to.security.secret_previous = base::secret{previous};
                                    },
                                .store = url()}});
    return *at_work_;
  }
  std::string outcome(std::string_view path, const std::string& body, const header_list& headers = {}) {
    const auto got = at_work_->client().post(path, body, headers);
    EXPECT_EQ(got.status, 200) << got.body;
    at_work_->store().flush();
    return got.outcome();
  }
  [[nodiscard]] std::uint64_t upstream_calls() const { return upstream_.counters().calls; }

 private:
  [[nodiscard]] std::string url() const {
    if (std::string_view{GetParam()} == "sqlite") return "sqlite:" + folder_.file("cache.db");
    return "redis://127.0.0.1:" + std::to_string(server_.port());
  }

  const temp_folder folder_;
  mock::server upstream_{{}};
  const std::string upstream_url_ = "http://127.0.0.1:" + std::to_string(upstream_.start().value()) + "/v1";
  redis::testing::server server_;
  std::unique_ptr<gateway> at_work_;
};

TEST_P(rotation, answers_from_what_the_previous_secret_sealed_and_rewrites_it) {
  const auto asked = chat("a question");
  open("first", "");
  EXPECT_EQ(outcome(chat_path, asked), "MISS");
  open("second", "first");
  EXPECT_EQ(outcome(chat_path, asked), "HIT");
  open("second", "");
  EXPECT_EQ(outcome(chat_path, asked), "HIT");
  open("third", "");
  EXPECT_EQ(outcome(chat_path, asked), "MISS");
}

TEST_P(rotation, takes_the_items_of_a_list_one_by_one) {
  open("first", "");
  EXPECT_EQ(outcome(embeddings_path, R"({"model":"text-embedding-3-small","input":["one","two"]})"), "MISS");
  const auto calls = upstream_calls();
  open("second", "first");
  EXPECT_EQ(outcome(embeddings_path, R"({"model":"text-embedding-3-small","input":["two","one"]})"), "HIT");
  EXPECT_EQ(upstream_calls(), calls);
}

TEST_P(rotation, keeps_tenants_apart) {
  const auto asked = chat("a question");
  open("first", "");
  EXPECT_EQ(outcome(chat_path, asked, {{"Authorization", "Bearer sk-alice-0123456789"}}), "MISS");
  open("second", "first");
  EXPECT_EQ(outcome(chat_path, asked, {{"Authorization", "Bearer sk-bobby-0123456789"}}), "MISS");
  EXPECT_EQ(outcome(chat_path, asked, {{"Authorization", "Bearer sk-alice-0123456789"}}), "HIT");
}

TEST_P(rotation, brings_nothing_back_that_was_deleted_or_purged) {
  const auto asked = chat("a question");
  open("first", "");
  EXPECT_EQ(outcome(chat_path, asked), "MISS");
  auto& now = open("second", "first");
  EXPECT_EQ(outcome(chat_path, asked), "HIT");
  now.purge({});
  EXPECT_EQ(outcome(chat_path, asked), "MISS");
}

INSTANTIATE_TEST_SUITE_P(of, rotation, testing::Values("sqlite", "redis"),
                         [](const auto& kind) { return std::string{kind.param}; });

}  // namespace
}  // namespace refrain::tests
