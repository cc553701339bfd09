#include "bench/load.h"

#include <gtest/gtest.h>

#include "mock/server.h"

namespace refrain::bench {
namespace {

/// A load on a provider that behaves as told.
measurement run_against(mock::options how, bool stream, std::uint64_t requests) {
  mock::server provider(std::move(how));
  const auto port = provider.start();
  if (!port) return {};
  const auto body = std::string(R"({"model":"m",)") + (stream ? R"("stream":true,)" : "") +
                    R"("messages":[{"role":"user","content":"Hello"}]})";
  return measure({.to = {.scheme = "http", .host = "127.0.0.1", .port = *port, .path = "/v1"},
                  .questions = {body},
                  .key = "",
                  .stream = stream,
                  .connections = 4,
                  .requests = requests});
}

TEST(a_load, asks_as_often_as_told_and_tells_what_no_cache_answered) {
  for (const bool stream : {false, true}) {
    const auto result = run_against({}, stream, 20);
    EXPECT_EQ(result.good(), 20u);
    EXPECT_EQ(result.bad(), 0u);
    ASSERT_TRUE(result.by_outcome.contains("NONE"));
    EXPECT_GT(result.bytes, 0u);
  }
}

TEST(a_load, counts_bad_answers_by_reason) {
  const auto refused = run_against({.error_rate = 1, .error_status = 503}, false, 8);
  EXPECT_EQ(refused.good(), 0u);
  EXPECT_EQ(refused.faults, (std::map<std::string, std::uint64_t>{{"status 503", 8}}));
  const auto cut = run_against({.truncate_rate = 1}, false, 8);
  EXPECT_EQ(cut.good(), 0u);
  EXPECT_EQ(cut.bad(), 8u);
}

TEST(a_load, ends_where_nobody_listens) {
  // Port 1 of this machine: reserved, and in no use.
  const auto result = measure({.to = {.scheme = "http", .host = "127.0.0.1", .port = 1, .path = "/v1"},
                               .questions = {"{}"},
                               .key = "",
                               .connections = 2,
                               .requests = 1'000'000});
  EXPECT_EQ(result.good(), 0u);
  EXPECT_LE(result.bad(), 2u);
  EXPECT_GE(result.bad(), 1u);
}

}  // namespace
}  // namespace refrain::bench
