#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "cli/doctor/checks.h"
#include "support/net/tls.h"
#include "support/redis/server.h"

namespace refrain::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class temporary_folder {
 public:
  temporary_folder() {
    auto pattern = (fs::temp_directory_path() / "refrain-doctor-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~temporary_folder() { fs::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }
  void write(const fs::path& name, std::string_view text, fs::perms mode) const {
    std::ofstream(path_ / name) << text;
    fs::permissions(path_ / name, mode);
  }

 private:
  fs::path path_;
};

constexpr auto private_mode = fs::perms::owner_read | fs::perms::owner_write;
constexpr auto public_mode = private_mode | fs::perms::group_read | fs::perms::others_read;

TEST(doctor, sees_a_clock_that_is_years_behind) {
  EXPECT_EQ(check_clock(base::sys_seconds{0s}).what, condition::fault);
  EXPECT_EQ(check_clock(base::sys_seconds{std::chrono::sys_days{std::chrono::year{2027} / 5 / 1}}).what, condition::ok);
}

TEST(doctor, weighs_free_space_against_the_stores_bound) {
  EXPECT_EQ(judge_space({8ull << 30}, {4ull << 30}, "/").what, condition::ok);
  EXPECT_EQ(judge_space({1ull << 30}, {4ull << 30}, "/").what, condition::warning);
  EXPECT_EQ(judge_space({1ull << 20}, {4ull << 30}, "/").what, condition::fault);
}

TEST(doctor, warns_of_secrets_that_others_can_read) {
  const temporary_folder here;
  EXPECT_TRUE(check_dot_env(here.path()).empty()) << "no file, nothing to say";
  here.write(".env", "OPENAI_API_KEY=sk-1\n", public_mode);
  ASSERT_EQ(check_dot_env(here.path()).size(), 1u);
  EXPECT_EQ(check_dot_env(here.path())[0].what, condition::warning);
  here.write(".env", "OPENAI_API_KEY=sk-1\n", private_mode);
  EXPECT_EQ(check_dot_env(here.path())[0].what, condition::ok);
  here.write(".env", "OPENAI_API_KEY=\nCOLOUR=red\n", public_mode);
  EXPECT_EQ(check_dot_env(here.path())[0].what, condition::ok) << "an empty key is none";
}

TEST(doctor, knows_secrets_by_their_values_too) {
  for (const std::string_view value :
       {"redis://:hunter22@localhost:6379/0", "rediss://app:hunter22@cache.example", "https://user:pw@proxy:3128",
        "postgres://app:pw@db/x", "a, redis://:hunter22@b", "https://ghp0123456789abcdef@github.com/x",
        "host=db user=app password=hunter22", "https://api.example/v1?api_key=abc", "Server=db;Pwd=x;",
        "sk-0123456789ab", "AIzaSyD-0123456789", "Bearer abcdefgh", "-----BEGIN RSA PRIVATE KEY-----\nabc",
        "eyJhbGci.eyJzdWIi.c2ln"}) {
    EXPECT_TRUE(holds_secret("STORE", value)) << value;
  }
  for (const std::string_view value :
       {"redis://localhost:6379/0", "redis://app@localhost", "https://api.example/v1?model=x", "me@example.com", "red",
        "http://127.0.0.1:7337/v1", "password=", "redis://:@localhost", "task-force"}) {
    EXPECT_FALSE(holds_secret("STORE", value)) << value;
  }
  EXPECT_TRUE(holds_secret("redis_password", "x"));
  const temporary_folder here;
  here.write(".env", "REFRAIN_STORE_URL=redis://:hunter22@localhost\n", public_mode);
  ASSERT_EQ(check_dot_env(here.path()).size(), 1u);
  EXPECT_EQ(check_dot_env(here.path())[0].what, condition::warning);
}

TEST(doctor, finds_a_dot_env_that_git_tracks) {
  const temporary_folder here;
  here.write(".env", "OPENAI_API_KEY=sk-1\n", private_mode);
  const auto git = "git -C '" + here.path().string() + "' ";
  if (std::system((git + "init -q 2>/dev/null").c_str()) != 0) GTEST_SKIP() << "git is not installed";
  EXPECT_EQ(check_dot_env(here.path()).size(), 1u) << "not tracked yet";
  ASSERT_EQ(std::system((git + "add .env").c_str()), 0);
  const auto found = check_dot_env(here.path());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1].what, condition::fault);
}

TEST(doctor, warns_of_an_admin_token_that_others_can_read) {
  const temporary_folder here;
  EXPECT_TRUE(check_admin_token(here.path()).empty());
  here.write("admin-token", "0123456789abcdef", public_mode);
  ASSERT_EQ(check_admin_token(here.path()).size(), 1u);
  EXPECT_EQ(check_admin_token(here.path())[0].what, condition::warning);
}

TEST(doctor, looks_at_the_certificate_that_is_served) {
  const temporary_folder here;
  config::settings settings;
  const auto now = base::system_clock().seconds();
  EXPECT_TRUE(check_certificate(settings, now).empty()) << "plain HTTP";
  settings.server.tls_certificate = here.path() / "tls.crt";
  settings.server.tls_key = here.path() / "tls.key";
  EXPECT_TRUE(has_fault(check_certificate(settings, now))) << "no files";
  const net::test_authority authority;
  authority.issue("DNS:localhost", settings.server.tls_certificate, settings.server.tls_key);
  fs::permissions(settings.server.tls_key, public_mode);
  const auto found = check_certificate(settings, now);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].what, condition::warning) << "it is good for an hour";
  EXPECT_EQ(found[1].what, condition::warning) << "others can read its key";
  EXPECT_EQ(check_certificate(settings, now - std::chrono::days{30})[0].what, condition::ok);
  EXPECT_EQ(check_certificate(settings, now + std::chrono::days{2})[0].what, condition::fault);
}

TEST(doctor, does_not_make_the_store_by_looking_at_it) {
  const temporary_folder here;
  const app::folders where{.data = here.path() / "data" / "refrain", .state = here.path()};
  const auto found = check_store({}, where);
  EXPECT_FALSE(has_fault(found)) << as_text(found);
  EXPECT_FALSE(fs::exists(where.data));
}

TEST(doctor, leaves_a_file_alone_that_is_no_store) {
  const temporary_folder here;
  here.write("notes.txt", "my notes", private_mode);
  config::settings settings;
  settings.store.url = "sqlite:" + (here.path() / "notes.txt").string();
  const auto found = check_store(settings, {});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].what, condition::fault);
  EXPECT_TRUE(found[0].text.contains("notes.txt is no store of Refrain's")) << as_text(found);
  EXPECT_EQ(std::distance(fs::directory_iterator{here.path()}, {}), 1);
  EXPECT_EQ(fs::file_size(here.path() / "notes.txt"), 8U);
}

TEST(doctor, says_where_the_store_cannot_be) {
  const temporary_folder here;
  here.write("file", "", private_mode);
  config::settings settings;
  settings.store.url = "sqlite:" + (here.path() / "file" / "cache.db").string();
  const auto found = check_store(settings, {});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].what, condition::fault);
  EXPECT_NE(found[0].remedy.find("--store"), std::string::npos);
}

TEST(doctor, looks_at_a_redis_and_shows_no_password) {
  const redis::testing::server redis{{"--requirepass", "hunter22", "--maxmemory", "64mb"}};
  const auto place = "127.0.0.1:" + std::to_string(redis.port());
  config::settings settings;
  settings.store.url = "redis://:hunter22@" + place + "/1";
  const auto good = check_store(settings, {});
  EXPECT_FALSE(has_fault(good)) << as_text(good);
  EXPECT_TRUE(as_text(good).contains("redis://:***@" + place + "/1")) << as_text(good);
  EXPECT_TRUE(as_text(good).contains("noeviction")) << as_text(good);
  EXPECT_FALSE(as_text(good).contains("hunter22"));
  settings.store.url = "redis://:hunter23@" + place;
  const auto bad = check_store(settings, {});
  EXPECT_TRUE(has_fault(bad));
  EXPECT_FALSE(as_text(bad).contains("hunter23"));
}

TEST(doctor, mends_an_address_that_is_none) {
  config::settings settings;
  settings.store.url = "reddis://:hunter22@localhost";
  auto found = check_store(settings, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].remedy, "did you mean redis://?");
  settings.store.url = "rediss://localhost?ssl_ca_certs=/no/such/file";
  found = check_store(settings, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].what, condition::fault);
  EXPECT_TRUE(found[0].text.contains("/no/such/file"));
}

TEST(doctor, knows_keys_that_are_placeholders) {
  config::settings settings;
  settings.upstreams["openai"].api_key = base::secret{"DUMMY_KEY"};
  settings.upstreams["anthropic"].api_key = base::secret{"sk-ant-real"};
  ASSERT_EQ(check_keys(settings).size(), 1u);
  EXPECT_EQ(check_keys(settings)[0].check, "upstream openai");
}

struct client_url {
  std::string_view variable;
  std::string_view value;
  std::string_view mended;  ///< what the hint proposes; empty: all is well
};

TEST(doctor, hints_at_client_addresses_whose_path_does_not_fit) {
  const base::endpoint at{.host = "127.0.0.1", .port = 7337};
  for (const auto& [variable, value, mended] : std::initializer_list<client_url>{
           {"OPENAI_BASE_URL", "http://localhost:7337/v1", ""},
           {"OPENAI_BASE_URL", "http://localhost:7337/groq/v1", ""},
           {"OPENAI_BASE_URL", "http://localhost:7337", "http://localhost:7337/v1"},
           {"OPENAI_BASE_URL", "https://api.openai.com", ""},
           {"OPENAI_BASE_URL", "http://localhost:8000", ""},
           {"ANTHROPIC_BASE_URL", "http://localhost:7337/anthropic", ""},
           {"ANTHROPIC_BASE_URL", "http://localhost:7337/anthropic/v1", "http://localhost:7337/anthropic"},
           {"ANTHROPIC_BASE_URL", "http://localhost:7337", "http://localhost:7337/anthropic"},
           {"EDITOR", "http://localhost:7337", ""}}) {
    const auto hint = judge_client_url(variable, value, at);
    EXPECT_EQ(hint.has_value(), !mended.empty()) << variable << "=" << value;
    if (hint) EXPECT_EQ(hint->remedy, "set it to " + std::string(mended));
  }
}

class upstream_check : public testing::Test {
 protected:
  upstream_check() {
    to.name = "openai";
    to.family = provider::find_family("openai");
    to.base = base::parse_url("https://api.openai.com/v1").value();
    to.authority = to.base.authority();
    to.key = base::secret{"sk-abcdefgh"};
  }
  [[nodiscard]] finding judge(int status) const {
    return judge(upstream_response{.status = status, .date = "", .took = 5ms});
  }
  [[nodiscard]] finding judge(const base::result<upstream_response>& said) const {
    return judge_upstream(to, said, true, base::sys_seconds{1'800'000'000s}).front();
  }

  gateway::upstream to;
};

TEST_F(upstream_check, asks_for_what_costs_nothing_with_the_key_as_the_provider_takes_it) {
  EXPECT_TRUE(probe_for(to).head.starts_with("GET /v1/models HTTP/1.1\r\nHost: api.openai.com\r\n"));
  EXPECT_NE(probe_for(to).head.find("authorization: Bearer sk-abcdefgh\r\n"), std::string::npos);
  to.family = provider::find_family("anthropic");
  to.base.path = "";
  EXPECT_TRUE(probe_for(to).head.starts_with("GET /v1/models HTTP/1.1\r\n"));
  EXPECT_NE(probe_for(to).head.find("x-api-key: sk-abcdefgh\r\n"), std::string::npos);
}

TEST_F(upstream_check, shows_no_key_where_the_answer_would_not_tell) {
  to.family = provider::find_family("sarvam");
  EXPECT_EQ(probe_for(to).head.find("sk-abcdefgh"), std::string::npos);
  EXPECT_FALSE(probe_for(to).tells_of_key);
}

TEST_F(upstream_check, takes_any_status_for_reachable) {
  EXPECT_EQ(judge(200).what, condition::ok);
  EXPECT_EQ(judge(404).what, condition::ok);
  EXPECT_EQ(judge(503).what, condition::warning);
  to.key = {};
  EXPECT_EQ(judge(401).what, condition::ok) << "no key was shown";
}

TEST_F(upstream_check, finds_a_key_that_is_refused_and_never_shows_it) {
  const auto found = judge(401);
  EXPECT_EQ(found.what, condition::fault);
  EXPECT_EQ(found.text.find("sk-abcdefgh"), std::string::npos);
  EXPECT_NE(found.remedy.find("OPENAI_API_KEY"), std::string::npos);
}

TEST_F(upstream_check, tells_the_reason_of_a_failed_connection) {
  const auto found = judge(base::fail(base::errc::upstream_tls, "TLS with api.openai.com: certificate has expired"));
  EXPECT_EQ(found.what, condition::fault);
  EXPECT_NE(found.text.find("expired"), std::string::npos);
  EXPECT_NE(found.remedy.find("CA"), std::string::npos);
}

TEST_F(upstream_check, compares_the_clocks) {
  const upstream_response said{.status = 200, .date = "Fri, 15 Jan 2027 08:00:00 GMT", .took = 5ms};
  EXPECT_EQ(judge_upstream(to, said, true, base::sys_seconds{1'800'000'000s}).size(), 1u);
  EXPECT_EQ(judge_upstream(to, said, true, base::sys_seconds{1'800'000'000s + 1h}).size(), 2u);
}

TEST(findings_as_json, can_be_read_by_a_program) {
  const findings all{{.check = "a", .text = "fine"},
                     {.check = "b", .what = condition::fault, .text = "bad", .remedy = "do"}};
  const auto json = boost::json::parse(as_json(all)).as_object();
  EXPECT_EQ(json.at("ok"), false);
  EXPECT_EQ(json.at("checks").at(1).at("verdict"), "fault");
}

}  // namespace
}  // namespace refrain::cli
