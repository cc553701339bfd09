#include <gtest/gtest.h>

#include <stdexcept>

#include "gateway/sources/fetcher.h"
#include "store/memory_store.h"
#include "support/net/loop.h"
#include "support/net/socket.h"

namespace refrain::tests {
namespace {

using gateway::upstream_request;

/// A dialect with a bug.
constexpr provider::dialect broken_dialect{{
    .read_answer = [](entry::wire_form) -> std::unique_ptr<provider::answer_reader> {
      throw std::logic_error("a bug");
    },
}};

net::task<base::result<base::slice>> next_of(std::shared_ptr<entry::recording::reader> from) {
  co_return co_await from->next(false);
}

TEST(fetching, a_bug_ends_its_own_call_alone) {
  net::scripted_server provider{[](net::test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(peer.receive_some(), "");
  }};
  store::memory_store kept{{}};
  cache::purge_book purges;
  ledger::ledger money;
  metrics::registry series;
  gateway::meters counts{series};
  gateway::parts shared{.clock = base::system_clock(),
                        .store = kept,
                        .purges = purges,
                        .money = money,
                        .prices = ledger::built_in_prices(),
                        .counts = counts,
                        .digests = base::digester{base::secret{}},
                        .budget = entry::fill_budget{{1 << 20}},
                        .via = "refrain-1"};
  const gateway::upstream to{.name = "one", .route = {.host = "127.0.0.1", .port = provider.port()}};
  const provider::endpoint_row row{
      .family = "openai", .name = "broken", .path = "/", .type = {}, .wire = broken_dialect};

  auto job = std::make_shared<upstream_request>();
  job->to = &to;
  job->endpoint = &row;
  job->head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  job->body = std::make_shared<const std::string>();
  job->store = true;
  job->fill = std::make_shared<cache::fill>();
  job->fill->recording = std::make_shared<entry::recording>(shared.budget, 1 << 20, true);
  const auto place = shared.fills.join_or_lead(job->fill, {});
  ASSERT_TRUE(place.leads);

  net::running_loop loop;
  std::unique_ptr<gateway::fetcher> under_test;
  loop.perform([&] {
    under_test = std::make_unique<gateway::fetcher>(shared, loop.loop(), nullptr);
    under_test->start(job);
  });
  const auto got = loop.run(next_of(place.reader));
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().code, base::errc::internal);
  EXPECT_EQ(shared.fills.size(), 0U);
  loop.perform([&] { under_test.reset(); });
}

}  // namespace
}  // namespace refrain::tests
