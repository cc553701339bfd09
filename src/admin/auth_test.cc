#include "admin/auth.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace refrain::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view good = "Bearer 0123456789abcdef0123456789abcdef";

struct rule {
  std::string name;
  shown_fields shown;
  admission verdict;
  admission at_front_page;
};

class door_rules : public testing::TestWithParam<rule> {};

TEST_P(door_rules, hold) {
  const auto& [name, shown, verdict, at_front_page] = GetParam();
  const access_rules at{.token = base::secret{std::string(good.substr(7))}, .listen_host = "10.1.2.3"};
  EXPECT_EQ(judge(shown, at), verdict);
  EXPECT_EQ(judge_host_and_origin(shown, at), at_front_page);
}

constexpr auto allow = admission::allow;
constexpr auto misdirected = admission::misdirected;
constexpr auto foreign = admission::forbidden_origin;
constexpr auto unknown = admission::unauthorized;

INSTANTIATE_TEST_SUITE_P(
    each, door_rules,
    testing::Values(
        rule{"token_opens", {.host = "localhost:7338", .authorization = good}, allow, allow},
        rule{"scheme_in_any_case",
             {.host = "LOCALHOST", .authorization = "bearer 0123456789abcdef0123456789abcdef"},
             allow,
             allow},
        rule{"no_token", {.host = "localhost:7338"}, unknown, allow},
        rule{"wrong_token", {.host = "localhost:7338", .authorization = "Bearer nonsense"}, unknown, allow},
        rule{"beginning_of_token",
             {.host = "localhost:7338", .authorization = "Bearer 0123456789abcdef"},
             unknown,
             allow},
        rule{"empty_token", {.host = "localhost:7338", .authorization = "Bearer "}, unknown, allow},
        rule{"other_scheme",
             {.host = "localhost:7338", .authorization = "Basic 0123456789abcdef0123456789abcdef"},
             unknown,
             allow},
        rule{"ipv4_loopback", {.host = "127.0.0.2:1", .authorization = good}, allow, allow},
        rule{"ipv6_loopback", {.host = "[::1]:7338", .authorization = good}, allow, allow},
        rule{"listen_host", {.host = "10.1.2.3:7338", .authorization = good}, allow, allow},
        rule{"other_address", {.host = "10.1.2.4:7338", .authorization = good}, misdirected, misdirected},
        rule{"rebound_name", {.host = "evil.example:7338", .authorization = good}, misdirected, misdirected},
        rule{"name_that_begins_well",
             {.host = "localhost.evil.example", .authorization = good},
             misdirected,
             misdirected},
        rule{"name_that_looks_like_an_address",
             {.host = "127.0.0.1.evil.example", .authorization = good},
             misdirected,
             misdirected},
        rule{"userinfo_in_host", {.host = "localhost@evil.example", .authorization = good}, misdirected, misdirected},
        rule{"path_in_host", {.host = "localhost/evil.example", .authorization = good}, misdirected, misdirected},
        rule{"no_host", {.authorization = good}, misdirected, misdirected},
        rule{"empty_host", {.host = "", .authorization = good}, misdirected, misdirected},
        rule{"own_origin",
             {.host = "localhost:7338", .origin = "http://localhost:7338", .authorization = good},
             allow,
             allow},
        rule{"origin_on_another_port",
             {.host = "localhost:7338", .origin = "http://localhost:3000", .authorization = good},
             foreign,
             foreign},
        rule{"origin_of_another_scheme",
             {.host = "localhost:7338", .origin = "https://localhost:7338", .authorization = good},
             foreign,
             foreign},
        rule{"origin_of_another_site",
             {.host = "localhost:7338", .origin = "http://evil.example", .authorization = good},
             foreign,
             foreign},
        rule{"origin_null", {.host = "localhost:7338", .origin = "null", .authorization = good}, foreign, foreign}),
    [](const auto& one) { return one.param.name; });

TEST(admin_door, without_a_token_opens_to_nobody) {
  const access_rules at{.token = {}, .listen_host = "127.0.0.1"};
  EXPECT_EQ(judge({.host = "localhost", .authorization = "Bearer "}, at), admission::unauthorized);
  EXPECT_EQ(judge({.host = "localhost", .authorization = "Bearer"}, at), admission::unauthorized);
}

class token_in_state_folder : public testing::Test {
 protected:
  token_in_state_folder() {
    std::string name = (fs::temp_directory_path() / "refrain-token-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    state_ = folder_ / "state";
  }
  ~token_in_state_folder() override { fs::remove_all(folder_); }

  void write(std::string_view text, fs::perms mode) const {
    fs::create_directories(state_);
    std::ofstream{token_file(state_)} << text;
    fs::permissions(token_file(state_), mode);
  }
  [[nodiscard]] fs::perms mode() const { return fs::status(token_file(state_)).permissions(); }

  static constexpr fs::perms private_mode = fs::perms::owner_read | fs::perms::owner_write;
  fs::path folder_;
  fs::path state_;
};

TEST_F(token_in_state_folder, is_made_once_and_kept) {
  const auto first = load_or_make_token(state_);
  ASSERT_TRUE(first) << first.error().context;
  EXPECT_EQ(first->value.reveal().size(), 64U);
  EXPECT_EQ(first->warning, "");
  EXPECT_EQ(mode(), private_mode);
  EXPECT_EQ(fs::status(state_).permissions(), fs::perms::owner_all);
  const auto second = load_or_make_token(state_);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->value.reveal(), first->value.reveal());
  const auto elsewhere = load_or_make_token(folder_ / "other");
  ASSERT_TRUE(elsewhere);
  EXPECT_NE(elsewhere->value.reveal(), first->value.reveal());
}

TEST_F(token_in_state_folder, gives_way_to_the_configured_one) {
  const auto given = load_or_make_token(state_, base::secret{"configured"});
  ASSERT_TRUE(given);
  EXPECT_EQ(given->value.reveal(), "configured");
  EXPECT_FALSE(fs::exists(state_));
}

TEST_F(token_in_state_folder, is_made_private_with_a_warning) {
  write("a-token-of-my-own\n", private_mode | fs::perms::group_read);
  const auto found = load_or_make_token(state_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->value.reveal(), "a-token-of-my-own");
  EXPECT_NE(found->warning.find("admin-token"), std::string::npos);
  EXPECT_EQ(found->warning.find("a-token-of-my-own"), std::string::npos);
  EXPECT_EQ(mode(), private_mode);
}

TEST_F(token_in_state_folder, is_refused_where_it_could_be_guessed) {
  for (const auto* const bad : {"", "\n", "short", "fifteen-letters"}) {
    write(bad, private_mode);
    EXPECT_EQ(load_or_make_token(state_).error().code, base::errc::bad_config) << bad;
  }
}

}  // namespace
}  // namespace refrain::admin
