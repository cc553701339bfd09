#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>
#include <string>

#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::string_view path = "/v1/embeddings";

std::string inputs(int from, int to) {
  json::array texts;
  for (int i = from; i < to; ++i) texts.push_back(json::string("text number " + std::to_string(i)));
  return json::serialize(texts);
}

std::string request(std::string_view input, std::string_view more = "") {
  return R"({"model":"text-embedding-3-small","input":)" + std::string(input) + std::string(more) + "}";
}

json::array data_of(const http_answer& from) { return json::parse(from.body).at("data").as_array(); }
std::vector<float> floats_of(const json::value& item) {
  std::vector<float> floats;
  for (const auto& one : item.at("embedding").as_array()) floats.push_back(one.to_number<float>());
  return floats;
}

std::int64_t tokens_of(const http_answer& from) {
  return json::parse(from.body).at("usage").at("total_tokens").as_int64();
}

TEST(embeddings, are_asked_for_one_by_one_and_only_where_they_are_unknown) {
  gateway at_work;
  auto client = at_work.client();
  const auto most = client.post(path, request(inputs(0, 90)));
  EXPECT_EQ(most.outcome(), "MISS");
  const auto all = client.post(path, request(inputs(0, 100)));
  EXPECT_EQ(all.outcome(), "MISS");
  EXPECT_EQ(json::parse(at_work.last_request().body).at("input"), json::parse(inputs(90, 100)));

  // Directly from the provider, in one go.
  gateway other;
  const auto direct = other.client().post(path, request(inputs(0, 100)), {{"Cache-Control", "no-store"}});
  const auto data = data_of(all);
  ASSERT_EQ(data.size(), 100U);
  for (std::size_t i = 0; i < data.size(); ++i) {
    EXPECT_EQ(data[i].at("index").as_int64(), static_cast<std::int64_t>(i));
    EXPECT_EQ(data[i].at("embedding"), data_of(direct)[i].at("embedding")) << i;
  }
  EXPECT_EQ(tokens_of(all), tokens_of(direct));

  const auto again = client.post(path, request(inputs(0, 100)));
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(again.body, all.body);
  EXPECT_EQ(at_work.calls(), 2U);
  const auto text = client.get("/metrics").body;
  EXPECT_THAT(text, HasSubstr("cache_hits_total{cache_type=\"embedding\",optimization_level=\"balanced\"} 190\n"));
  EXPECT_THAT(text, HasSubstr("cache_misses_total{cache_type=\"embedding\",optimization_level=\"balanced\"} 100\n"));
}

TEST(embeddings, serve_numbers_and_base64_from_one_entry) {
  gateway at_work;
  auto client = at_work.client();
  const auto numbers = client.post(path, request(R"(["a","b"])"));
  const auto base64 = client.post(path, request(R"(["a","b"])", R"(,"encoding_format":"base64")"));
  EXPECT_EQ(base64.outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 1U);
  gateway other;
  const auto direct = other.client().post(path, request(R"(["a","b"])", R"(,"encoding_format":"base64")"));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(data_of(numbers)[i].at("embedding").is_array());
    EXPECT_EQ(data_of(base64)[i].at("embedding"), data_of(direct)[i].at("embedding"));
  }
  const auto back = other.client().post(path, request(R"(["b"])", R"(,"encoding_format":"float")"));
  EXPECT_EQ(back.outcome(), "HIT");
  EXPECT_EQ(floats_of(data_of(back)[0]), floats_of(data_of(numbers)[1]));
}

TEST(embeddings, are_the_same_alone_as_in_a_list_and_twice_in_one) {
  gateway at_work;
  auto client = at_work.client();
  const auto twice = client.post(path, request(R"(["a","b","a"])"));
  EXPECT_EQ(json::parse(at_work.last_request().body).at("input"), json::parse(R"(["a","b"])"));
  EXPECT_EQ(data_of(twice)[0].at("embedding"), data_of(twice)[2].at("embedding"));
  const auto alone = client.post(path, request(R"("a")"));
  EXPECT_EQ(alone.outcome(), "HIT");
  EXPECT_EQ(data_of(alone)[0].at("embedding"), data_of(twice)[0].at("embedding"));
  EXPECT_EQ(at_work.calls(), 1U);
}

/// Large ones are parsed and put together beside the loop, which makes no difference to who asks.
TEST(embeddings, of_a_large_list_are_those_of_small_ones) {
  gateway at_work;
  auto client = at_work.client();
  std::string texts;
  for (int i = 0; i < 3000; ++i) {
    texts += (i == 0 ? "\"" : ",\"") + std::string(200, 'x') + std::to_string(i) + "\"";
  }
  const auto large = client.post(path, request("[" + texts + "]"));
  EXPECT_EQ(large.outcome(), "MISS");
  const auto again = client.post(path, request("[" + texts + "]"));
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(again.body, large.body);
  const auto alone = client.post(path, request("\"" + std::string(200, 'x') + "7\""));
  EXPECT_EQ(alone.outcome(), "HIT");
  EXPECT_EQ(data_of(alone)[0].at("embedding"), data_of(large)[7].at("embedding"));
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST(embeddings, of_tokens_are_items_too) {
  gateway at_work;
  auto client = at_work.client();
  EXPECT_EQ(client.post(path, request("[1,2,3]")).outcome(), "MISS");
  EXPECT_EQ(client.post(path, request("[[1,2,3]]")).outcome(), "HIT");
  EXPECT_EQ(client.post(path, request("[[1,2,3],[4]]")).outcome(), "MISS");
  EXPECT_EQ(json::parse(at_work.last_request().body).at("input"), json::parse("[[4]]"));
  EXPECT_EQ(client.post(path, request("[[4]]", R"(,"dimensions":3)")).outcome(), "MISS");
}

TEST(embeddings, an_upstreams_refusal_is_passed_on) {
  gateway at_work;
  auto client = at_work.client();
  const auto refused = client.post(path, request(inputs(0, 3)), {{"x-mock-status", "429"}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.header("retry-after").empty());
  EXPECT_EQ(refused.outcome(), "MISS");
  EXPECT_EQ(at_work.fills(), 0U);
  EXPECT_EQ(client.post(path, request(inputs(0, 3))).status, 200);
}

TEST(embeddings, only_if_cached_needs_all_of_them) {
  gateway at_work;
  auto client = at_work.client();
  client.post(path, request(inputs(0, 2)));
  const header_list only{{"Cache-Control", "only-if-cached"}};
  EXPECT_EQ(client.post(path, request(inputs(0, 2)), only).status, 200);
  EXPECT_EQ(client.post(path, request(inputs(0, 3)), only).status, 504);
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST(embeddings, that_are_on_their_way_are_not_asked_for_again) {
  gateway at_work{{.threads = 4}};
  std::vector<std::future<http_answer>> asking;
  for (int i = 0; i < 20; ++i) {
    asking.push_back(std::async(std::launch::async, [&] {
      return at_work.client().post(path, request(inputs(0, 10)), {{"x-mock-latency-ms", "300"}});
    }));
  }
  std::string body;
  for (auto& one : asking) {
    const auto got = one.get();
    EXPECT_EQ(got.status, 200);
    if (body.empty()) body = got.body;
    EXPECT_EQ(got.body, body);
  }
  // Mostly one; but requests that come at the very same moment may each be the first to ask for some of the ten.
  EXPECT_GE(at_work.calls(), 1U);
  EXPECT_LE(at_work.calls(), 10U);
  EXPECT_EQ(at_work.fills(), 0U);
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fill_bytes() == 0; }));
}

TEST(embeddings, that_are_stale_answer_at_once_and_are_refreshed_behind) {
  gateway at_work;
  auto client = at_work.client();
  const auto first = client.post(path, request(inputs(0, 3)));
  at_work.clock().advance(1850s);
  client.post(path, request(inputs(3, 5)));
  const auto stale = client.post(path, request(inputs(0, 5)), {{"Cache-Control", "stale-while-revalidate=100"}});
  EXPECT_EQ(stale.outcome(), "STALE");
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(floats_of(data_of(stale)[i]), floats_of(data_of(first)[i])) << i;
  EXPECT_TRUE(gateway::eventually([&] { return at_work.calls() == 3 && at_work.fills() == 0; }));
  EXPECT_EQ(client.post(path, request(inputs(0, 5))).outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 3U);
}

TEST(embeddings, that_are_stale_answer_in_place_of_a_failure) {
  gateway at_work;
  auto client = at_work.client();
  const auto first = client.post(path, request(inputs(0, 3)));
  at_work.clock().advance(1850s);
  for (const auto& failure : {std::pair{"x-mock-status", "503"}, std::pair{"x-mock-status", "429"},
                              std::pair{"x-mock-reset", "before-head"}, std::pair{"x-mock-truncate", "40"}}) {
    const header_list directive{{"Cache-Control", "stale-if-error=100"}, failure};
    const auto stale = client.post(path, request(inputs(0, 3)), directive);
    EXPECT_EQ(stale.status, 200) << failure.first << failure.second;
    EXPECT_EQ(stale.outcome(), "STALE");
    EXPECT_EQ(data_of(stale), data_of(first));
    EXPECT_THAT(stale.header("cache-status"), HasSubstr(R"(detail="stale-if-error")"));
    // One of them was never known: there is nothing to answer with.
    EXPECT_GE(client.post(path, request(inputs(0, 4)), directive).status, 429) << failure.first << failure.second;
  }
  EXPECT_EQ(
      client.post(path, request(inputs(0, 3)), {{"Cache-Control", "stale-if-error=100"}, {"x-mock-status", "400"}})
          .status,
      400);
  at_work.clock().advance(51s);
  EXPECT_EQ(
      client.post(path, request(inputs(0, 3)), {{"Cache-Control", "stale-if-error=100"}, {"x-mock-status", "503"}})
          .status,
      503);
}

TEST(embeddings, are_stored_though_the_client_has_left) {
  std::promise<void> left;
  scripted_upstream provider{[&](auto& now) {
    left.get_future().wait();
    now.write(response(R"({"data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":1}})"));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  client.ask("POST", path, request(R"("a")"));
  EXPECT_TRUE(gateway::eventually([&] { return provider.calls() == 1; }));
  client.leave();
  left.set_value();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.entries().size() == 1; }));
  EXPECT_EQ(at_work.client().post(path, request(R"("a")")).outcome(), "HIT");
}

}  // namespace
}  // namespace refrain::tests
