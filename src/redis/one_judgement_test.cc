// What `doctor` says of a server and what `serve` logs of it come from the one judgement, redis/faults.h.
#include <gtest/gtest.h>

#include <string>

#include "redis/diagnosis.h"
#include "redis/faults.h"
#include "redis/link.h"
#include "support/net/loop.h"
#include "support/redis/script.h"

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;
using testing::scripted_redis;

struct refusal {
  std::string_view name;
  std::string_view says;  ///< to every command
};

class judged : public ::testing::Test {
 protected:
  /// The faults that doctor finds, each as one sentence.
  std::vector<std::string> doctor(std::uint16_t port) {
    diagnosis_options what{.there = parse_address("redis://127.0.0.1:" + std::to_string(port)).value(),
                           .tls = nullptr,
                           .rights = {},
                           .probe_key = "refrain:doctor:test",
                           .deadline = {}};
    std::vector<std::string> faults;
    for (const auto& one : home_.run(diagnose(home_.loop(), std::move(what)))) {
      const auto place = "127.0.0.1:" + std::to_string(port) + ": ";
      auto text = one.text.starts_with(place) ? one.text.substr(place.size()) : one.text;
      if (!one.remedy.empty()) text += ": " + one.remedy;
      if (one.what == condition::fault) faults.push_back(std::move(text));
    }
    return faults;
  }
  /// Why a link cannot be opened, which serve's log quotes.
  std::string serve(std::uint16_t port) {
    const link_options to{.where = {.host = "127.0.0.1", .port = port}, .tls = nullptr};
    const auto opened = home_.run(link::open(home_.loop(), to));
    return opened ? "" : opened.error().context;
  }

  net::running_loop home_;
};

class one_judgement : public judged, public ::testing::WithParamInterface<refusal> {};

TEST_P(one_judgement, of_a_server_that_lets_nobody_in) {
  const scripted_redis there{[](const scripted_redis::words&) { return "-" + std::string{GetParam().says} + "\r\n"; }};
  const auto faults = doctor(there.port());
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults.front(), serve(there.port()));
  EXPECT_EQ(faults.front(), sentence_for(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    each, one_judgement,
    ::testing::Values(refusal{"asks_for_a_password", "NOAUTH Authentication required."},
                      refusal{"protected", "DENIED Redis is running in protected mode"},
                      refusal{"loads", "LOADING Redis is loading the dataset in memory"},
                      refusal{"is_busy", "BUSY Redis is busy running a script"},
                      refusal{"is_a_lost_replica", "MASTERDOWN Link with MASTER is down"},
                      refusal{"is_full", "ERR max number of clients reached"},
                      refusal{"is_down", "CLUSTERDOWN The cluster is down"},
                      refusal{"is_over_its_plan", "ERR max daily request limit exceeded. Limit: 10000, Usage: 10000."}),
    [](const auto& one) { return std::string(one.param.name); });

class one_judgement_of_writes : public one_judgement {};

TEST_P(one_judgement_of_writes, of_a_server_that_takes_none) {
  const scripted_redis there{[](const scripted_redis::words& words) -> std::string {
    if (words[0] == "HELLO") return "%2\r\n+mode\r\n+standalone\r\n+role\r\n+master\r\n";
    if (words[0] == "HSET") return "-" + std::string{GetParam().says} + "\r\n";
    if (words[0] == "EXEC") return "-EXECABORT Transaction discarded because of previous errors.\r\n";
    return words[0] == "PING" ? "+PONG\r\n" : ":1\r\n";
  }};
  const auto faults = doctor(there.port());
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults.front(), sentence_for(GetParam().says)) << "as store/redis_refusal has it";
}

/// A proxy such as twemproxy.
TEST_F(judged, a_server_that_knows_no_transactions_is_good) {
  const scripted_redis there{[](const scripted_redis::words& words) -> std::string {
    if (words[0] == "HELLO") return "%2\r\n+mode\r\n+standalone\r\n+role\r\n+master\r\n";
    if (words[0] == "MULTI" || words[0] == "EXEC") return "-ERR unknown command '" + words[0] + "'\r\n";
    return words[0] == "PING" ? "+PONG\r\n" : ":1\r\n";
  }};
  EXPECT_EQ(doctor(there.port()), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(
    each, one_judgement_of_writes,
    ::testing::Values(refusal{"lacks_replicas", "NOREPLICAS Not enough good replicas to write."},
                      refusal{"cannot_save", "MISCONF Redis is configured to save RDB snapshots"},
                      refusal{"is_a_replica", "READONLY You can't write against a read only replica."},
                      refusal{"is_full", "OOM command not allowed when used memory > 'maxmemory'."},
                      refusal{"is_over_its_plan", "ERR DB capacity quota exceeded"},
                      refusal{"lacks_the_right", "NOPERM this user has no permissions to run the 'hset' command"},
                      refusal{"says_what_nobody_knows", "ERR the moon is in the wrong house"}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::redis
