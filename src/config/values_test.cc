#include "config/values.h"

#include <gtest/gtest.h>

namespace refrain::config {
namespace {

using namespace std::chrono_literals;

struct duration_case {
  std::string_view text;
  std::optional<std::chrono::milliseconds> value;
};

TEST(durations, are_read_as_people_write_them) {
  for (const auto& [text, value] : {duration_case{"20 s", 20s},
                                    {"20s", 20s},
                                    {"  20  sec ", 20s},
                                    {"500ms", 500ms},
                                    {"5 minutes", 5min},
                                    {"1 H", 1h},
                                    {"30 days", 720h},
                                    {"2 weeks", 336h},
                                    {"90", 90s},
                                    {"0", 0s},
                                    {"", {}},
                                    {"s", {}},
                                    {"-1 s", {}},
                                    {"1.5 h", {}},
                                    {"20 parsecs", {}},
                                    {"20 s x", {}},
                                    {"9223372036854775807 days", {}},
                                    {"99999999999999999999", {}}}) {
    EXPECT_EQ(parse_duration(text, 1s), value) << text;
  }
}

TEST(durations, are_printed_in_the_largest_unit_that_divides_them) {
  EXPECT_EQ(print_duration(0s), "0 s");
  EXPECT_EQ(print_duration(500ms), "500 ms");
  EXPECT_EQ(print_duration(20s), "20 s");
  EXPECT_EQ(print_duration(40min), "40 min");
  EXPECT_EQ(print_duration(90min), "90 min");
  EXPECT_EQ(print_duration(1h), "1 h");
  EXPECT_EQ(print_duration(24h), "1 day");
  EXPECT_EQ(print_duration(720h), "30 days");
}

TEST(durations, read_back_what_they_print) {
  for (const auto value : {0ms, 1ms, 999ms, 1000ms, 61'000ms, 3'600'000ms, 86'400'000ms, 31'536'000'000ms}) {
    EXPECT_EQ(parse_duration(print_duration(value), 1h), value);
  }
}

struct size_case {
  std::string_view text;
  std::optional<std::uint64_t> bytes;
};

TEST(sizes, are_read_as_people_write_them) {
  for (const auto& [text, bytes] : {size_case{"256 MiB", 256ull << 20},
                                    {"4GiB", 4ull << 30},
                                    {"64 kB", 64'000ull},
                                    {"12 B", 12ull},
                                    {"4096", 4096ull},
                                    {"", {}},
                                    {"MiB", {}},
                                    {"1.5 GiB", {}},
                                    {"-1", {}},
                                    {"9999999999 TiB", {}}}) {
    const auto value = parse_size(text);
    EXPECT_EQ(value ? std::optional(value->value) : std::nullopt, bytes) << text;
  }
}

TEST(sizes, read_back_what_they_print) {
  for (const std::uint64_t bytes : {0ull, 1ull, 1024ull, 1536ull, 3ull << 20, (1ull << 30) + 1, 1ull << 50}) {
    EXPECT_EQ(parse_size(print_size({bytes})), base::byte_count{bytes});
  }
  EXPECT_EQ(print_size({1536ull << 20}), "1536 MiB");
}

TEST(truth_values, have_four_words_each) {
  for (const auto* const yes : {"true", "YES", "on", " 1 "}) EXPECT_EQ(parse_boolean(yes), true) << yes;
  for (const auto* const no : {"false", "No", "OFF", "0"}) EXPECT_EQ(parse_boolean(no), false) << no;
  for (const auto* const neither : {"", "2", "ja", "truee"}) EXPECT_EQ(parse_boolean(neither), std::nullopt) << neither;
}

TEST(lists, lose_blanks_and_empty_items) {
  EXPECT_EQ(parse_list(" a, b ,,c d "), (std::vector<std::string>{"a", "b", "c d"}));
  EXPECT_EQ(parse_list(""), std::vector<std::string>{});
  EXPECT_EQ(print_list({"a", "b"}), "a, b");
}

TEST(urls, are_shown_without_their_userinfo) {
  EXPECT_EQ(mask_userinfo("rediss://user:pa#s@s/w@host:6380/0"), "rediss://****@host:6380/0");
  EXPECT_EQ(mask_userinfo("https://api.example.com/v1"), "https://api.example.com/v1");
  EXPECT_EQ(mask_userinfo("sqlite:a@b.db"), "sqlite:a@b.db");
  EXPECT_EQ(mask_userinfo("redis://h/0?db=1"), "redis://h/0?db=1");
}

TEST(urls, that_are_none_are_not_shown) {
  EXPECT_EQ(mask_userinfo("redis-cli -a secret -u redis://host"), "****");
  EXPECT_EQ(mask_userinfo("\"redis://:secret@host\""), "****");
}

TEST(urls, whose_port_may_be_a_password_are_not_shown) {
  for (const auto* url : {"redis://host:secret", "redis://:secret", "redis://host:secret/0?db=1", "unix://user:secret",
                          "redis+cluster://a:1,user:secret", "redis://[::1]:secret"}) {
    EXPECT_TRUE(mask_userinfo(url).ends_with("://****")) << mask_userinfo(url);
  }
  for (const auto* url : {"redis://host:6379/0", "redis://[::1]", "redis://[fe80::ab]:6379",
                          "redis+cluster://a:1,b,c:2", "unix:///run/a:b.sock", "redis://"}) {
    EXPECT_EQ(mask_userinfo(url), url);
  }
}

TEST(urls, are_shown_without_the_passwords_of_their_query) {
  EXPECT_EQ(mask_userinfo("redis://h?username=u&password=p&db=1"), "redis://h?username=u&password=****&db=1");
  EXPECT_EQ(mask_userinfo("redis+sentinel://u:p@h/m?Sentinel_Password=q&password=p"),
            "redis+sentinel://****@h/m?Sentinel_Password=****&password=****");
  // Where an @ follows it cannot be told whose end it is.
  EXPECT_EQ(mask_userinfo("redis+sentinel://h/m?sentinel_password=q@q"), "redis+sentinel://****");
  EXPECT_EQ(mask_userinfo("redis://u:x&password=p@h"), "redis://****");
}

}  // namespace
}  // namespace refrain::config
