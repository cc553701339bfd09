#include "gateway/assemble/assemble.h"

#include <gtest/gtest.h>

#include "gateway/sources/exact.h"
#include "support/gateway/floors.h"

namespace refrain::gateway {
namespace {

using namespace std::chrono_literals;
using base::errc;
using entry::outcome;

/// The value of a field of ours; empty where it is absent.
std::string field(const reply& made, std::string_view name) {
  const auto& fields = made.head.fields;
  const auto line = std::string(name) + ": ";
  const auto at = fields.starts_with(line) ? 0 : fields.find("\r\n" + line);
  if (at == std::string::npos) return {};
  const auto from = fields.find(line, at) + line.size();
  return fields.substr(from, fields.find("\r\n", from) - from);
}

std::string body_of(const reply& made) {
  std::string all;
  for (const auto piece : made.pieces) all += piece;
  return all;
}

class assembling : public testing::Test {
 protected:
  /// The reply from what is stored.
  reply stored_reply(const ask& request) {
    search lookup{request};
    house.find(exact, lookup);
    return assemble(lookup, house.shared, house.clock.seconds());
  }
  /// A search whose upstream call has answered with that head.
  search& fetched(const ask& request, entry::answer_head head) {
    search_ = std::make_unique<search>(request);
    auto done = house.start(house.upstream, *search_);
    house.loop.perform([] {});
    house.calls.back()->fill->recording->begin(std::move(head));
    done.get();
    return *search_;
  }

  floors house;
  exact_source exact{house.shared};

 private:
  std::unique_ptr<search> search_;
};

TEST_F(assembling, an_entry_becomes_a_hit_with_its_age) {
  const auto& request = house.chat("hello");
  house.keep(request, 0, R"({"id":"c"})", 100s);
  house.clock.advance(30s);
  const auto made = stored_reply(request);
  EXPECT_EQ(made.outcome, outcome::hit);
  EXPECT_EQ(made.head.status, 200);
  EXPECT_EQ(body_of(made), R"({"id":"c"})");
  EXPECT_EQ(field(made, "Age"), "30");
  EXPECT_EQ(field(made, "x-refrain-cache"), "HIT");
  EXPECT_EQ(field(made, "x-refrain-key"), request.key.hex());
  EXPECT_EQ(field(made, "x-refrain-saved-usd"), "0.000005");
  EXPECT_TRUE(field(made, "Cache-Status").starts_with("refrain; hit; ttl=70;")) << field(made, "Cache-Status");
  EXPECT_EQ(made.items.hits, 1U);
  EXPECT_FALSE(made.refused.has_value());
}

TEST_F(assembling, a_stored_clip_is_sent_in_part) {
  const auto& request =
      house.asking("/audio/speech", R"({"model":"tts-1","input":"hi","voice":"alloy"})", {{"Range", "bytes=2-4"}});
  house.keep(request, 0, "0123456789");
  const auto made = stored_reply(request);
  EXPECT_EQ(made.head.status, 206);
  EXPECT_EQ(body_of(made), "234");
  EXPECT_EQ(field(made, "Content-Range"), "bytes 2-4/10");
}

TEST_F(assembling, the_leader_gets_all_fields_and_a_follower_those_that_are_for_all) {
  const entry::answer_head head{
      .status = 200,
      .content_type = "application/json",
      .fields = {{"set-cookie", "a=b"}, {"x-ratelimit-remaining", "9"}, {"date", "today"}, {"cache-control", "public"}},
      .length = 7};
  const auto& request = house.chat("hello");
  auto& lookup = fetched(request, head);
  const auto led = assemble(lookup, house.shared, house.clock.seconds());
  EXPECT_EQ(led.outcome, outcome::miss);
  EXPECT_EQ(field(led, "x-ratelimit-remaining"), "9");
  EXPECT_EQ(field(led, "set-cookie"), "") << "cookies of cached endpoints are nobody's";
  EXPECT_EQ(field(led, "cache-control"), "") << "the gateway's own stands there";
  EXPECT_EQ(field(led, "Cache-Control"), "private, no-store");
  EXPECT_NE(led.recording, nullptr);
  EXPECT_EQ(led.length, 7U);
  EXPECT_EQ(led.items.misses, 1U);

  lookup.slots[0].found->how = outcome::coalesced;
  const auto followed = assemble(lookup, house.shared, house.clock.seconds());
  EXPECT_EQ(field(followed, "x-ratelimit-remaining"), "");
  EXPECT_EQ(field(followed, "date"), "today");
  EXPECT_EQ(followed.items.hits, 1U);
  EXPECT_NE(followed.saves, nullptr) << "what it saves is known at the end";
}

TEST_F(assembling, a_stream_loses_the_usage_that_was_not_asked_for) {
  const auto& request = house.chat("hello", {}, R"(,"stream":true)");
  auto& lookup = fetched(request, {.status = 200, .content_type = "text/event-stream", .fields = {}, .length = 100});
  const auto made = assemble(lookup, house.shared, house.clock.seconds());
  EXPECT_TRUE(made.skips_usage);
  EXPECT_FALSE(made.length.has_value()) << "it gets shorter";
}

TEST_F(assembling, a_list_counts_what_was_at_hand_and_what_was_fetched) {
  const auto& request = house.embeddings(R"(["a","b"])");
  const auto parts = request.list->take_apart(
      R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0]},)"
      R"({"object":"embedding","index":1,"embedding":[2.0]}],"model":"text-embedding-3-small",)"
      R"("usage":{"prompt_tokens":2,"total_tokens":2}})",
      2);
  for (std::size_t i = 0; i < 2; ++i) house.keep(request, i, parts->at(i));
  house.clock.advance(5s);
  const auto made = stored_reply(request);
  EXPECT_EQ(made.outcome, outcome::hit);
  EXPECT_EQ(made.items.hits, 2U);
  EXPECT_EQ(field(made, "Age"), "5");
  EXPECT_TRUE(body_of(made).contains(R"("data":[)")) << body_of(made);
}

TEST_F(assembling, a_failure_becomes_an_error_in_the_providers_shape) {
  search lookup{house.chat("hello")};
  lookup.failure = base::error{.code = errc::upstream_timeout, .context = "no answer"};
  const auto made = assemble(lookup, house.shared, house.clock.seconds());
  EXPECT_EQ(made.head.status, 504);
  EXPECT_EQ(made.refused, errc::upstream_timeout);
  EXPECT_TRUE(body_of(made).contains("no answer")) << body_of(made);
  EXPECT_EQ(field(made, "x-should-retry"), "") << "another try may do better";
  EXPECT_EQ(field(made, "x-refrain-cache"), "MISS");
}

TEST_F(assembling, a_refusal_that_no_repetition_mends_says_so) {
  const auto& request = house.chat("hello", {{"x-refrain-ttl", "soon"}});
  const auto made = refusal(request, house.parsed.error());
  EXPECT_EQ(made.head.status, 400);
  EXPECT_EQ(field(made, "x-should-retry"), "false");
  EXPECT_EQ(field(made, "x-refrain-key"), "");
}

}  // namespace
}  // namespace refrain::gateway
