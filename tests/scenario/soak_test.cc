#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/chat_reading.h"
#include "support/gateway.h"

namespace refrain::tests {
namespace {

constexpr int prompts = 200;
constexpr int clients = 6;
constexpr int requests_of_a_client = 250;

/// What one client does next; its seed and its number decide all of it.
class customer {
 public:
  customer(unsigned seed, std::uint16_t port) : random_(seed), port_(port), line_(port) {}

  void run() {
    for (int i = 0; i < requests_of_a_client; ++i) one_request();
  }

 private:
  void one_request() {
    const auto request = chat("prompt " + std::to_string(popular()), form());
    line_.ask("POST", chat_path, request, headers());
    if (chance(5)) {
      if (chance(50)) line_.receive_some();
      line_.leave(chance(50));
      line_ = http_client{port_};
      return;
    }
    const auto got = line_.receive();
    if (got.complete && got.status == 200) EXPECT_TRUE(proves(got.body, request)) << request << "\n" << got.body;
    // A fault without an answer, or within it, ends the connection.
    if (!got.complete || got.header("connection") == "close") line_ = http_client{port_};
  }

  /// Zipf's law: the first prompts are asked for most.
  int popular() {
    const double share = std::uniform_real_distribution<>{0, 1}(random_);
    return static_cast<int>(std::pow(prompts, share)) - 1;
  }
  std::string_view form() {
    if (chance(50)) return "";
    return chance(50) ? streamed : streamed_with_usage;
  }
  header_list headers() {
    header_list some;
    if (chance(10)) some.emplace_back("Cache-Control", chance(50) ? "no-cache" : "no-store");
    if (chance(10)) some.emplace_back("Authorization", "Bearer sk-" + std::to_string(popular() % 3));
    if (chance(15)) some.push_back(fault());
    return some;
  }
  header_list::value_type fault() {
    static const header_list faults{{"x-mock-status", "500"},       {"x-mock-status", "429"},
                                    {"x-mock-truncate", "100"},     {"x-mock-reset", "before-head"},
                                    {"x-mock-reset", "after-head"}, {"x-mock-reset", "mid-body"},
                                    {"x-mock-error-event", "2"},    {"x-mock-no-done", "1"},
                                    {"x-mock-encoding", "gzip"},    {"x-mock-finish", "content_filter"},
                                    {"x-mock-bytes", "20000"},      {"x-mock-until-close", "1"}};
    return faults[random_() % faults.size()];
  }
  bool chance(unsigned percent) { return random_() % 100 < percent; }

  std::mt19937 random_;
  std::uint16_t port_;
  http_client line_;
};

/// Run under ThreadSanitizer too (tests/tsan-targets).
TEST(threads_soak, every_whole_answer_proves_its_request_and_nothing_is_left_over) {
  constexpr unsigned seed = 20261122;
  SCOPED_TRACE("seed " + std::to_string(seed));
  gateway at_work{
      {.configure =
           [](auto& to) {
             to.cache.max_entry = base::byte_count{16 << 10};
             to.fill.max_bytes = base::byte_count{64 << 10};
           },
       .upstream = {.threads = 2, .gap = std::chrono::milliseconds{1}, .tokens_per_chunk = 8, .text_bytes = 60},
       .threads = 3}};
  {
    std::vector<std::jthread> all;
    for (unsigned i = 0; i < clients; ++i) {
      all.emplace_back([&, i] { customer{seed + i, at_work.port()}.run(); });
    }
  }
  EXPECT_TRUE(at_work.await_requests(0));
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fill_bytes() == 0; })) << at_work.fill_bytes();
  EXPECT_GT(at_work.totals().all().hits(), 0U);
  EXPECT_EQ(at_work.client().get("/healthz").status, 200);
}

}  // namespace
}  // namespace refrain::tests
