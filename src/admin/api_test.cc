// The API over a real listener on loopback.
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include "admin/json_forms.h"
#include "admin/plane.h"
#include "admin/routes.h"
#include "support/admin/fixtures.h"

namespace refrain::admin {
namespace {

namespace beast = boost::beast::http;
namespace json = boost::json;
using tcp = boost::asio::ip::tcp;
using namespace std::chrono_literals;

using request = beast::request<beast::string_body>;
using response = beast::response<beast::string_body>;

class admin_api : public ::testing::Test {
 protected:
  admin_api() {
    auto opened = plane::open(scene_.look(), base::secret{"the-token"}, {.host = "127.0.0.1", .port = 0});
    if (!opened) throw std::runtime_error(opened.error().context);
    plane_ = std::move(*opened);
    plane_->start();
  }

  [[nodiscard]] static request make(std::string_view method, std::string_view target, std::string body = {}) {
    request one;
    one.method_string({method.data(), method.size()});
    one.target({target.data(), target.size()});
    one.version(11);
    one.set(beast::field::host, "localhost");
    one.body() = std::move(body);
    one.prepare_payload();
    return one;
  }

  [[nodiscard]] response send(const request& one) const {
    boost::asio::io_context io;
    tcp::socket socket{io};
    socket.connect({boost::asio::ip::address_v4::loopback(), plane_->bound().port});
    beast::write(socket, one);
    beast::response_parser<beast::string_body> parser;
    parser.skip(one.method() == beast::verb::head);
    boost::beast::flat_buffer buffer;
    beast::read(socket, buffer, parser);
    return parser.release();
  }

  [[nodiscard]] response ask(std::string_view method, std::string_view target, std::string body = {}) const {
    auto one = make(method, target, std::move(body));
    one.set(beast::field::authorization, "Bearer the-token");
    return send(one);
  }

  /// A call that succeeds, as JSON.
  [[nodiscard]] json::value get(std::string_view target) const {
    const auto got = ask("GET", target);
    EXPECT_EQ(got.result_int(), 200U) << target << ": " << got.body();
    return json::parse(got.body());
  }

  entry::entry_ptr put(std::string_view seed, std::string body = "{}") {
    auto made = testing::make_entry(seed, std::move(body), scene_.clock.seconds());
    store_.put(made);
    return made;
  }

  void put_of(std::string_view label) {
    auto made = *testing::make_entry(label, "{}", scene_.clock.seconds());
    made.about.tenant_label = label;
    store_.put(std::make_shared<const entry::entry>(std::move(made)));
  }

  testing::vector_store store_;
  testing::scene scene_{store_};
  std::unique_ptr<plane> plane_;
};

std::string error_code(const response& got) {
  return std::string(json::parse(got.body()).at_pointer("/error/code").as_string());
}

TEST_F(admin_api, every_route_refuses_without_the_token) {
  put("hello");
  for (const auto& route : routes()) {
    if (route.is_open) continue;
    const auto got = send(make(route.method, route.path));
    EXPECT_EQ(got.result_int(), 401U) << route.method << " " << route.path;
    EXPECT_EQ(error_code(got), "unauthorized");
    EXPECT_FALSE(got[beast::field::www_authenticate].empty());
  }
  EXPECT_EQ(send(make("GET", "/nowhere")).result_int(), 401U) << "who has no token learns nothing";
  EXPECT_EQ(send(make("OPTIONS", "/api/health")).result_int(), 401U) << "no preflight is answered";
  EXPECT_EQ(send(make("GET", "/api/health?token=the-token")).result_int(), 401U);
  auto cookie = make("GET", "/api/health");
  cookie.set(beast::field::cookie, "token=the-token");
  EXPECT_EQ(send(cookie).result_int(), 401U);
  EXPECT_EQ(store_.status().entries, 1U);
}

TEST_F(admin_api, a_flood_of_refusals_does_not_flood_the_log) {
  ::testing::internal::CaptureStderr();
  const auto log_of = [&](int requests) {
    for (int i = 0; i < requests; ++i) EXPECT_EQ(send(make("GET", "/api/health")).result_int(), 401U);
    auto text = ::testing::internal::GetCapturedStderr();
    ::testing::internal::CaptureStderr();
    return text;
  };
  EXPECT_EQ(std::ranges::count(log_of(50), '\n'), 10);
  scene_.clock.advance(1min);
  const auto later = log_of(1);
  (void)::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(later, '\n'), 2) << later;
  EXPECT_TRUE(later.contains("40")) << later;
}

TEST_F(admin_api, refuses_other_hosts_and_origins_even_with_the_token) {
  auto rebound = make("GET", "/api/health");
  rebound.set(beast::field::authorization, "Bearer the-token");
  rebound.set(beast::field::host, "evil.example");
  EXPECT_EQ(send(rebound).result_int(), 421U);
  rebound.target("/");
  EXPECT_EQ(send(rebound).result_int(), 421U);
  auto foreign = make("POST", "/api/purge", R"({"all":true})");
  foreign.set(beast::field::authorization, "Bearer the-token");
  foreign.set(beast::field::origin, "http://evil.example");
  EXPECT_EQ(send(foreign).result_int(), 403U);
}

TEST_F(admin_api, answers_carry_strict_headers) {
  for (const auto& got : {ask("GET", "/api/health"), ask("GET", "/nowhere"), send(make("GET", "/"))}) {
    EXPECT_TRUE(got["Content-Security-Policy"].starts_with("default-src 'none'"));
    EXPECT_EQ(got["X-Content-Type-Options"], "nosniff");
    EXPECT_EQ(got["Cache-Control"], "no-store");
  }
}

TEST_F(admin_api, the_front_page_is_open_and_says_where_things_are) {
  const auto got = send(make("GET", "/"));
  EXPECT_EQ(got.result_int(), 200U);
  EXPECT_EQ(got["Content-Type"], "text/plain; charset=utf-8");
  EXPECT_NE(got.body().find("/api/health"), std::string::npos);
  EXPECT_NE(got.body().find("admin-token"), std::string::npos);
  EXPECT_EQ(got.body().find("the-token"), std::string::npos);
}

TEST_F(admin_api, wrong_paths_and_methods_are_told_apart) {
  EXPECT_EQ(ask("GET", "/nowhere").result_int(), 404U);
  EXPECT_EQ(ask("GET", "/api/entries/").result_int(), 404U);
  EXPECT_EQ(ask("GET", "/api/entries/a/b").result_int(), 404U);
  const auto got = ask("PUT", "/api/entries/x");
  EXPECT_EQ(got.result_int(), 405U);
  EXPECT_EQ(got["Allow"], "GET, HEAD, DELETE");
  EXPECT_EQ(error_code(got), "method_not_allowed");
  EXPECT_EQ(ask("GET", "/api/purge")["Allow"], "POST");
  EXPECT_EQ(ask("HEAD", "/api/health").result_int(), 200U);
}

TEST_F(admin_api, health_tells_of_gateway_and_store) {
  scene_.clock.advance(90s);
  const auto form = get("/api/health");
  EXPECT_EQ(form.at("status"), "ready");
  EXPECT_EQ(form.at("version"), "1.2.3");
  EXPECT_EQ(form.at("uptime_seconds"), 90);
  EXPECT_EQ(form.at_pointer("/store/kind"), "vector");
  EXPECT_EQ(form.at_pointer("/store/tiers/0/kind"), "tier");
  scene_.draining = true;
  EXPECT_EQ(get("/api/health").at("status"), "draining");
}

TEST_F(admin_api, stats_sum_up_since_the_start_and_by_day) {
  using entry::outcome;
  scene_.money.record({.outcome = outcome::miss, .upstream = "openai", .model = "m", .cost = entry::micro_usd{1500}});
  for (int i = 0; i < 3; ++i) {
    scene_.money.record({.outcome = outcome::hit, .upstream = "openai", .model = "m", .cost = entry::micro_usd{1500}});
  }
  const auto today = scene_.clock.seconds().time_since_epoch() / 24h;
  store_.counters().add(scene_.money.drain(today));
  store_.counters().add({{.day = today - 3, .name = "llm:openai:m:hit", .amount = 6},
                         {.day = today - 60, .name = "llm:openai:m:hit", .amount = 90}});

  const auto form = get("/api/stats?days=7");
  EXPECT_EQ(form.at_pointer("/since_start/requests"), 4);
  EXPECT_EQ(form.at_pointer("/since_start/hit_rate"), 0.75);
  EXPECT_EQ(form.at_pointer("/since_start/saved_usd"), "0.004500");
  EXPECT_EQ(form.at_pointer("/since_start/spent_micro_usd"), 1500);
  EXPECT_EQ(form.at_pointer("/since_start/outcomes/hit"), 3);
  EXPECT_EQ(form.at_pointer("/kept/requests"), 10);
  EXPECT_EQ(form.at_pointer("/kept/rows/0/model"), "m");
  EXPECT_EQ(form.at_pointer("/kept/by_day").as_array().size(), 2U);
  EXPECT_EQ(get("/api/stats?days=90").at_pointer("/kept/hits"), 99);
  EXPECT_EQ(ask("GET", "/api/stats?days=0").result_int(), 400U);
}

TEST_F(admin_api, stats_of_this_process_are_told_while_the_store_is_away) {
  scene_.money.record({.outcome = entry::outcome::miss, .upstream = "openai", .model = "m", .cost = {}});
  store_.away = true;
  const auto form = get("/api/stats");
  EXPECT_EQ(form.at_pointer("/since_start/requests"), 1);
  EXPECT_EQ(form.at_pointer("/kept/requests"), 0);
  EXPECT_EQ(form.at("kept_fault"), "the store is away");
}

TEST_F(admin_api, stats_of_nothing_have_no_hit_rate) {
  EXPECT_TRUE(get("/api/stats").at_pointer("/since_start/hit_rate").is_null());
}

TEST_F(admin_api, entries_are_listed_by_filter_and_page) {
  for (const auto* const seed : {"one hello", "two", "three hello"}) put(seed);
  const auto page = get("/api/entries?limit=2");
  EXPECT_EQ(page.at("entries").as_array().size(), 2U);
  ASSERT_TRUE(page.at("next").is_string());
  const auto rest = get("/api/entries?limit=2&cursor=" + std::string(page.at("next").as_string()));
  EXPECT_EQ(rest.at("entries").as_array().size(), 1U);
  EXPECT_TRUE(rest.at("next").is_null());
  EXPECT_EQ(get("/api/entries?text=hello&model=gpt-4o-mini").at("entries").as_array().size(), 2U);
  EXPECT_EQ(get("/api/entries?tenant=bob").at("entries").as_array().size(), 0U);
  for (const auto* const bad : {"limit=0", "limit=1001", "modle=x", "model=", "type=lm"}) {
    EXPECT_EQ(error_code(ask("GET", std::string("/api/entries?") + bad)), "bad_usage") << bad;
  }
}

TEST_F(admin_api, a_row_says_what_an_entry_is) {
  const auto made = put("hello");
  scene_.clock.advance(10min);
  const auto row = get("/api/entries").at("entries").at(0);
  EXPECT_EQ(row.at("name"), json::value("llm:exact:" + made->about.id.digest.hex()));
  EXPECT_EQ(row.at("tenant"), "alice");
  EXPECT_EQ(row.at("stored_at"), "2027-01-15T08:00:00Z");
  EXPECT_EQ(row.at("ttl_seconds"), 3600);
  EXPECT_EQ(row.at("left_seconds"), 3000);
  const auto expires = scene_.clock.seconds() + 3000s;
  EXPECT_EQ(row.at("expires"), json::value(iso_8601(expires)));
  EXPECT_EQ(row.at("kept_until"), json::value(iso_8601(expires + 300s))) << "cache.keep_stale more";
  EXPECT_EQ(row.at("cost_usd"), "0.001234");
  EXPECT_EQ(row.at("tags"), (json::array{"demo"}));
  EXPECT_EQ(row.at("form"), "plain");
}

TEST_F(admin_api, an_entry_shows_its_body_as_text_or_base64) {
  const auto text = put("text", "gr\xc3\xbc\xc3\x9f");
  const auto bytes = put("bytes", "\xff\xfe");
  const auto shown = get("/api/entries/" + base::percent_encode(storage_name(text->about.id)));
  EXPECT_EQ(shown.at("body_encoding"), "utf-8");
  EXPECT_EQ(shown.at("body"), "gr\xc3\xbc\xc3\x9f");
  const auto encoded = get("/api/entries/" + bytes->about.id.digest.hex());
  EXPECT_EQ(encoded.at("body_encoding"), "base64");
  EXPECT_EQ(encoded.at("body"), "//4=");
  EXPECT_EQ(error_code(ask("GET", "/api/entries/nothing")), "not_found");
}

TEST_F(admin_api, an_entry_is_deleted_once) {
  const auto target = "/api/entries/" + put("hello")->about.id.digest.hex();
  EXPECT_EQ(ask("DELETE", target).result_int(), 200U);
  EXPECT_EQ(ask("DELETE", target).result_int(), 404U);
  EXPECT_EQ(store_.status().entries, 0U);
}

TEST_F(admin_api, a_purge_kills_what_it_names) {
  put("old");
  scene_.clock.advance(2h);
  put("new");
  const auto got = ask("POST", "/api/purge", R"({"older_than":"1h","provider":"openai"})");
  EXPECT_EQ(got.result_int(), 200U);
  EXPECT_EQ(json::parse(got.body()), (json::object{{"number", 1}, {"removed", 1}}));
  EXPECT_EQ(get("/api/entries").at("entries").at(0).at("query"), "new");
  EXPECT_EQ(ask("POST", "/api/purge", R"({"all":true})").result_int(), 200U);
  EXPECT_EQ(store_.status().entries, 0U);
}

TEST_F(admin_api, a_purge_takes_a_tenant_by_its_configured_name) {
  scene_.configuration->values.clients = {{"phone", {.tenant = "web"}}, {"bob", {}}};
  put_of("client web");
  put_of("client bob");
  put_of("key-3fa9c1d2");
  EXPECT_EQ(get("/api/entries?tenant=web").at("entries").as_array().size(), 1U);
  EXPECT_EQ(json::parse(ask("POST", "/api/purge", R"({"tenant":"web"})").body()).at("removed"), 1);
  EXPECT_EQ(json::parse(ask("POST", "/api/purge", R"({"tenant":"web"})").body()).at("removed"), 0)
      << "known, and empty";
  EXPECT_EQ(json::parse(ask("POST", "/api/purge", R"({"tenant":"client bob"})").body()).at("removed"), 1);
  EXPECT_EQ(json::parse(ask("POST", "/api/purge", R"({"tenant":"key-3fa9c1d2"})").body()).at("removed"), 1);
}

TEST_F(admin_api, a_purge_of_a_tenant_that_is_not_configured_any_more_finds_its_entries) {
  put_of("client carol");
  EXPECT_EQ(json::parse(ask("POST", "/api/purge", R"({"tenant":"carol"})").body()).at("removed"), 1);
}

TEST_F(admin_api, a_purge_of_an_unknown_tenant_is_an_error_that_lists_the_known) {
  scene_.configuration->values.clients = {{"phone", {.tenant = "web"}}, {"bob", {}}};
  put_of("key-3fa9c1d2");
  put_of("client bob");
  const auto refused = ask("POST", "/api/purge", R"({"tenant":"bop"})");
  EXPECT_EQ(refused.result_int(), 400U);
  EXPECT_TRUE(refused.body().contains("there is no 'bop'; known are bob, key-3fa9c1d2, web")) << refused.body();
  EXPECT_EQ(store_.status().entries, 2U);
}

TEST_F(admin_api, a_purge_that_names_nothing_kills_nothing) {
  put("hello");
  for (const auto* const bad :
       {"{}", R"({"all":false})", R"({"all":1})", R"({"all":true,"model":"x"})", R"({"model":""})", R"({"modle":"x"})",
        R"({"model":null})", R"({"text":"hello"})", R"({"older_than":-1})", "[]", "", "nonsense"}) {
    EXPECT_EQ(ask("POST", "/api/purge", bad).result_int(), 400U) << bad;
  }
  EXPECT_EQ(ask("POST", "/api/purge", std::string(100'000, ' ')).result_int(), 413U);
  EXPECT_EQ(store_.status().entries, 1U);
}

TEST_F(admin_api, the_configuration_is_shown_with_its_origins) {
  scene_.configuration->shown = {
      {.key = "cache.enabled", .value = "true", .from = config::source::flag, .origin = "--x"}};
  scene_.configuration->warnings = {"mind the gap"};
  const auto form = get("/api/config");
  EXPECT_EQ(form.at("settings").at(0).at("key"), "cache.enabled");
  EXPECT_EQ(form.at("settings").at(0).at("source"), "flag");
  EXPECT_EQ(form.at("waiting"), json::array{});
  EXPECT_EQ(form.at("warnings"), (json::array{"mind the gap"}));
}

TEST_F(admin_api, the_configuration_tells_of_changes_that_wait_for_a_restart) {
  scene_.configuration->waiting = {
      {.key = "memory.max_bytes", .value = "1 MiB", .applies = "start", .origin = "refrain.toml line 2"}};
  const auto form = get("/api/config");
  EXPECT_EQ(form.at_pointer("/waiting/0/key"), "memory.max_bytes");
  EXPECT_EQ(form.at_pointer("/waiting/0/value"), "1 MiB");
  EXPECT_EQ(form.at_pointer("/waiting/0/applies"), "start");
}

TEST_F(admin_api, hands_out_an_entry_and_takes_it_back) {
  const auto digest = put("hello", "the body")->about.id.digest.hex();
  const auto line = ask("GET", "/api/export/" + digest);
  ASSERT_EQ(line.result_int(), 200U) << line.body();
  EXPECT_EQ(json::parse(line.body()).at("body"), "the body");
  EXPECT_EQ(ask("GET", "/api/export/nothing").result_int(), 404U);

  EXPECT_EQ(ask("DELETE", "/api/entries/" + digest).result_int(), 200U);
  const auto taken = ask("POST", "/api/import", line.body() + "\n\nno line\n");
  ASSERT_EQ(taken.result_int(), 200U) << taken.body();
  EXPECT_EQ(json::parse(taken.body()).at("written"), 1);
  EXPECT_EQ(json::parse(taken.body()).at_pointer("/faults/0/line"), 3);
  EXPECT_EQ(get("/api/entries/" + digest).at("body"), "the body");
  EXPECT_EQ(error_code(ask("POST", "/api/import?despite=true")), "bad_usage");
  EXPECT_EQ(error_code(ask("POST", "/api/import?despite_purges=maybe")), "bad_usage");
}

TEST_F(admin_api, takes_long_bodies_for_imports_alone) {
  const std::string blank(100 << 10, '\n');
  EXPECT_EQ(ask("POST", "/api/import", blank).result_int(), 200U);
  EXPECT_EQ(error_code(ask("POST", "/api/purge", blank)), "body_too_large");
}

}  // namespace
}  // namespace refrain::admin
