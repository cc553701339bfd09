#include <gtest/gtest.h>

#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

struct bad_answer {
  std::string_view name;
  std::string_view members;  ///< of the request
  header_list controls;      ///< of the mock
  int status = 200;
  bool complete = true;  ///< its framing reaches the client whole
};

const bad_answer bad_answers[]{
    {"status_429", "", {{"x-mock-status", "429"}, {"x-mock-retry-after", "7"}}, 429},
    {"status_500", "", {{"x-mock-status", "500"}, {"x-mock-retry-after", "7"}}, 500},
    {"status_500_to_a_stream", streamed, {{"x-mock-status", "500"}, {"x-mock-retry-after", "7"}}, 500},
    {"status_201", "", {{"x-mock-status", "201"}, {"x-mock-retry-after", "7"}}, 201},
    {"truncated", "", {{"x-mock-truncate", "30"}}, 200, false},
    {"truncated_stream", streamed, {{"x-mock-truncate", "300"}}, 200, false},
    {"reset_within_the_body", "", {{"x-mock-reset", "mid-body"}}, 200, false},
    {"reset_within_the_stream", streamed, {{"x-mock-reset", "mid-body"}}, 200, false},
    {"error_event", streamed, {{"x-mock-error-event", "2"}}},
    {"content_filter", "", {{"x-mock-finish", "content_filter"}}},
    {"content_filter_in_a_stream", streamed, {{"x-mock-finish", "content_filter"}}},
    {"finish_that_is_not_known", "", {{"x-mock-finish", "abort"}}},
    {"finish_that_is_not_known_in_a_stream", streamed, {{"x-mock-finish", "abort"}}},
    {"stream_that_ends_with_its_connection_alone", streamed, {{"x-mock-no-done", "1"}, {"x-mock-until-close", "1"}}},
    {"encoded_although_identity_was_asked_for", "", {{"x-mock-encoding", "gzip"}}},
    {"encoded_stream", streamed, {{"x-mock-encoding", "gzip"}}},
};

class bad_answers_of_the_upstream : public testing::TestWithParam<bad_answer> {};

TEST_P(bad_answers_of_the_upstream, pass_through_and_are_not_stored) {
  const auto& how = GetParam();
  gateway at_work;
  const auto bad = at_work.client().post(chat_path, chat("hello", how.members), how.controls);
  EXPECT_EQ(bad.status, how.status);
  EXPECT_EQ(bad.complete, how.complete);
  EXPECT_EQ(bad.outcome(), "MISS");
  if (how.status >= 400) EXPECT_EQ(bad.header("retry-after"), "7");
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  EXPECT_TRUE(at_work.entries().empty());

  const auto good = at_work.client().post(chat_path, chat("hello", how.members));
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.outcome(), "MISS");
  EXPECT_TRUE(proves(good.body, chat("hello")));
  EXPECT_EQ(at_work.calls(), 2);
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fill_bytes() == 0; }));
}

INSTANTIATE_TEST_SUITE_P(never, bad_answers_of_the_upstream, testing::ValuesIn(bad_answers),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(not_stored, an_empty_answer) {
  scripted_upstream provider{[](auto& now) { now.write(response("")); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(chat_path, chat("hello"));
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.outcome(), "MISS");
  }
  EXPECT_EQ(provider.calls(), 2U);
}

TEST(not_stored, a_chat_answer_that_is_labelled_as_a_page) {
  scripted_upstream provider{[](auto& now) { now.write(response(chat_answer("Hello."), "text/html; charset=utf-8")); }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(chat_path, chat("hello"));
    EXPECT_EQ(got.body, chat_answer("Hello."));
    EXPECT_EQ(got.outcome(), "MISS");
  }
}

TEST(not_stored, an_answer_that_fell_silent_while_its_client_left) {
  gateway at_work;
  auto client = at_work.client();
  client.ask("POST", chat_path, chat("hello", streamed), {{"x-mock-stall", "2"}});
  client.receive_until("data: ");
  client.leave();
  at_work.upstream().stop();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  EXPECT_TRUE(at_work.entries().empty());
}

TEST(not_stored, an_answer_over_the_entry_cap_which_is_delivered_whole) {
  gateway at_work{{.configure = [](auto& to) { to.cache.max_entry = base::byte_count{64 << 10}; }}};
  auto client = at_work.client();
  for (const auto form : {std::string_view{}, streamed}) {
    const auto request = chat("hello", form);
    const auto big = client.post(chat_path, request, {{"x-mock-bytes", "200000"}, {"x-mock-chunk", "40"}});
    EXPECT_TRUE(big.complete);
    EXPECT_TRUE(proves(big.body, request));
    EXPECT_GE(read_chat(big.body).choices.at(0).content.size(), 190000U);
  }
  EXPECT_EQ(at_work.calls(), 2);
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fill_bytes() == 0; }));
}

TEST(stored, an_answer_that_was_cut_at_the_length_that_was_asked_for) {
  gateway at_work;
  auto client = at_work.client();
  for (const auto form : {std::string_view{}, streamed}) {
    const auto request = chat(form.empty() ? "plain" : "stream", form);
    EXPECT_EQ(client.post(chat_path, request, {{"x-mock-finish", "length"}}).outcome(), "MISS");
    EXPECT_EQ(client.post(chat_path, request).outcome(), "HIT");
  }
}

TEST(stored, an_answer_with_a_finish_that_the_operator_allows) {
  gateway at_work{{.configure = [](auto& to) { to.cache.finish_reasons = {"repetition"}; }}};
  auto client = at_work.client();
  for (const auto form : {std::string_view{}, streamed}) {
    const auto request = chat(form.empty() ? "plain" : "stream", form);
    EXPECT_EQ(client.post(chat_path, request, {{"x-mock-finish", "repetition"}}).outcome(), "MISS");
    EXPECT_EQ(client.post(chat_path, request).outcome(), "HIT");
  }
}

TEST(not_stored, what_was_cut_where_the_operator_refuses_that) {
  gateway at_work{{.configure = [](auto& to) { to.cache.keep_cut = false; }}};
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.post(chat_path, chat("hello"), {{"x-mock-finish", "length"}}).outcome(), "MISS");
  }
}

TEST(not_stored, what_is_sampled_above_the_temperature_that_the_operator_allows) {
  gateway at_work{{.configure = [](auto& to) { to.cache.max_temperature = 0.3; }}};
  auto client = at_work.client();
  for (const auto* const hot : {"", R"(,"temperature":0.31)", R"(,"temperature":1)"}) {
    for (int i = 0; i < 2; ++i) {
      const auto got = client.post(chat_path, chat("hello", hot));
      EXPECT_EQ(got.outcome(), "BYPASS") << hot;
      EXPECT_TRUE(got.header("cache-status").contains("detail=\"temperature\"")) << got.header("cache-status");
    }
  }
  const auto cool = chat("hello", R"(,"temperature":3e-1)");
  EXPECT_EQ(client.post(chat_path, cool).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, cool).outcome(), "HIT");
}

TEST(stored, a_whole_stream_without_its_terminator) {
  gateway at_work;
  auto client = at_work.client();
  const auto request = chat("hello", streamed);
  EXPECT_EQ(client.post(chat_path, request, {{"x-mock-no-done", "1"}}).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, request).outcome(), "HIT");
}

TEST(stored, an_answer_whose_body_ends_with_its_connection) {
  gateway at_work;
  auto client = at_work.client();
  const auto request = chat("hello", streamed);
  EXPECT_EQ(client.post(chat_path, request, {{"x-mock-until-close", "1"}}).outcome(), "MISS");
  EXPECT_EQ(client.post(chat_path, request).outcome(), "HIT");
}

struct wish_case {
  std::string_view name;
  std::string_view members;
  header_list headers;
  std::string_view outcome;
  std::string_view detail;
};

const wish_case wish_cases[]{
    {"store_true", R"(,"store":true)", {}, "BYPASS", "upstream-effect"},
    {"no_store", "", {{"Cache-Control", "no-store"}}, "BYPASS", "no-store"},
    {"ttl_0", "", {{"x-refrain-ttl", "0"}}, "MISS", "ttl-zero"},
    {"duplicate_members", R"(,"temperature":1,"temperature":0)", {}, "BYPASS", "ambiguous-body"},
};

class directives_against_storing : public testing::TestWithParam<wish_case> {};

TEST_P(directives_against_storing, are_kept_and_the_reason_is_said) {
  const auto& how = GetParam();
  gateway at_work;
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(chat_path, chat("hello", how.members), how.headers);
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.outcome(), how.outcome);
    EXPECT_TRUE(got.header("cache-status").contains(how.detail)) << got.header("cache-status");
  }
  EXPECT_EQ(at_work.calls(), 2);
  EXPECT_TRUE(at_work.entries().empty());
}

INSTANTIATE_TEST_SUITE_P(requests, directives_against_storing, testing::ValuesIn(wish_cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(not_stored, anything_while_the_cache_is_off) {
  gateway at_work{{.configure = [](auto& to) { to.cache.enabled = false; }}};
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(chat_path, chat("hello"));
    EXPECT_EQ(got.outcome(), "BYPASS");
    EXPECT_TRUE(got.header("cache-status").contains("cache-disabled"));
  }
  EXPECT_EQ(at_work.calls(), 2);
  EXPECT_TRUE(at_work.entries().empty());
}

}  // namespace
}  // namespace refrain::tests
