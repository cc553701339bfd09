// What every end of a request, or of an upstream call, leaves in ledger, metrics and access log.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <string>

#include "base/log.h"
#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

using entry::outcome;

class access_log_of : public testing::Test {
 protected:
  access_log_of() {
    testing::internal::CaptureStderr();
    base::set_log(base::severity::info, base::log_format::text);
  }
  ~access_log_of() override {
    if (!read_) (void)testing::internal::GetCapturedStderr();
  }

  /// What the log says so far; to be asked once.
  std::string log() {
    read_ = true;
    return testing::internal::GetCapturedStderr();
  }

  gateway at_work{{.configure = [](auto& to) {
    to.log.access = true;
    to.clients["voice"].key = base::secret{"ck-voice"};
  }}};

 private:
  bool read_ = false;
};

TEST_F(access_log_of, refusals_has_a_line_each) {
  auto client = at_work.client();
  const auto wrong_key = client.post(chat_path, chat("hello"), {{"x-refrain-client-key", "ck-wrong"}});
  EXPECT_EQ(wrong_key.status, 401);
  EXPECT_EQ(client.get("/nobody/v1/models").status, 404);
  const auto bad_directive = client.post(chat_path, chat("hello"), {{"x-refrain-ttl", "soon"}});
  EXPECT_EQ(bad_directive.status, 400);
  const auto not_stored = client.post(chat_path, chat("hello"), {{"cache-control", "only-if-cached"}});
  EXPECT_EQ(not_stored.status, 504);
  auto other = at_work.client();
  other.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  EXPECT_EQ(other.receive().status, 400);
  EXPECT_TRUE(other.ended());

  const auto lines = log();
  EXPECT_TRUE(lines.contains("path=/chat/completions status=401 outcome=BYPASS")) << lines;
  EXPECT_TRUE(lines.contains("path=/nobody/v1/models status=404 outcome=BYPASS")) << lines;
  EXPECT_TRUE(lines.contains("path=/chat/completions status=400 outcome=MISS")) << lines;
  EXPECT_TRUE(lines.contains("path=/chat/completions status=504 outcome=MISS")) << lines;
  EXPECT_TRUE(lines.contains("status=400 outcome=BYPASS")) << "of one whose head cannot be read; " << lines;
}

TEST(a_stream_that_breaks_off, is_booked_at_an_unknown_price) {
  scripted_upstream provider{[](auto& now) {
    now.write(stream_head() + chunk(chat_event("half an answer")));
    now.close();
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  EXPECT_FALSE(client.post(chat_path, chat("hello", streamed)).complete);
  ASSERT_TRUE(gateway::eventually([&] { return at_work.totals().all().requests() == 1; }));
  EXPECT_EQ(at_work.totals().all().count(outcome::miss), 1U);
  EXPECT_EQ(at_work.totals().all().unpriced, 1U) << "nobody knows what the provider bills for it";
  EXPECT_EQ(at_work.totals().all().spent, entry::micro_usd{});
}

TEST(a_call_that_brings_no_answer, is_not_booked) {
  scripted_upstream provider{[](auto& now) { now.close(); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  EXPECT_EQ(client.post(chat_path, chat("hello")).status, 502);
  EXPECT_EQ(at_work.totals().all().requests(), 0U);
}

TEST(a_client_that_leaves, was_refused_nothing) {
  std::promise<void> left;
  scripted_upstream provider{[&](auto& now) {
    left.get_future().wait();
    now.write(response(chat_answer("one")));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  client.ask("POST", chat_path, chat("hello"));
  ASSERT_TRUE(at_work.await_requests(1));
  client.leave(true);
  EXPECT_TRUE(at_work.await_requests(0));
  left.set_value();
  const auto metrics = at_work.client().get("/metrics").body;
  EXPECT_FALSE(metrics.contains("refrain_refused_total{")) << metrics;
}

TEST(a_wish_for_similar_questions, that_cannot_be_granted_is_said) {
  gateway at_work;
  auto client = at_work.client();
  const auto asked = client.post(chat_path, chat("hello"), {{"x-refrain-semantic", "verified"}});
  EXPECT_EQ(asked.outcome(), "MISS");
  EXPECT_TRUE(asked.header("cache-status").contains(R"(detail="semantic-unavailable")"))
      << asked.header("cache-status");
  const auto again = client.post(chat_path, chat("hello"), {{"x-refrain-semantic", "verified"}});
  EXPECT_EQ(again.outcome(), "HIT") << "an exact answer needs no similar one";
  EXPECT_FALSE(again.header("cache-status").contains("semantic")) << again.header("cache-status");
  const auto off = client.post(chat_path, chat("bye"), {{"x-refrain-semantic", "off"}});
  EXPECT_FALSE(off.header("cache-status").contains("semantic")) << off.header("cache-status");
}

}  // namespace
}  // namespace refrain::tests
