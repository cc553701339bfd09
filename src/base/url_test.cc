#include "base/url.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::base {
namespace {

struct good_url {
  std::string_view name;
  std::string_view text;
  std::string_view userinfo;
  std::string_view host;
  std::uint16_t port;
  std::string_view path;
  std::string_view query;
};

class good_urls : public testing::TestWithParam<good_url> {};

TEST_P(good_urls, are_taken_apart) {
  const auto& one = GetParam();
  const auto parsed = parse_url(one.text);
  ASSERT_TRUE(parsed) << parsed.error().context;
  EXPECT_EQ(parsed->userinfo, one.userinfo);
  EXPECT_EQ(parsed->host, one.host);
  EXPECT_EQ(parsed->port, one.port);
  EXPECT_EQ(parsed->path, one.path);
  EXPECT_EQ(parsed->query, one.query);
}

INSTANTIATE_TEST_SUITE_P(
    each, good_urls,
    testing::Values(good_url{"https", "https://api.example/v1", "", "api.example", 443, "/v1", ""},
                    good_url{"capitals", "HTTPS://API.Example/V1", "", "api.example", 443, "/V1", ""},
                    good_url{"port", "http://localhost:8080", "", "localhost", 8080, "", ""},
                    good_url{"empty_port", "http://localhost:/", "", "localhost", 80, "", ""},
                    good_url{"trailing_slashes", "http://a/b//", "", "a", 80, "/b", ""},
                    good_url{"query", "http://a/b?c=/d?e", "", "a", 80, "/b", "c=/d?e"},
                    good_url{"query_without_a_path", "http://a?b", "", "a", 80, "", "b"},
                    good_url{"fragment", "http://a/b#c?d", "", "a", 80, "/b", ""},
                    good_url{"ipv6", "http://[::1]:81/x", "", "::1", 81, "/x", ""},
                    good_url{"ipv6_without_port", "https://[2001:DB8::1]", "", "2001:db8::1", 443, "", ""},
                    good_url{"userinfo", "http://u%40:p@a/b@c", "u%40:p", "a", 80, "/b@c", ""},
                    good_url{"at_in_the_path", "http://a/b@c:d", "", "a", 80, "/b@c:d", ""},
                    good_url{"raw_password_of_redis", "redis://:p@/#?w@h:1/2", ":p@/#?w", "h", 1, "/2", ""},
                    good_url{"raw_password_of_valkey", "valkeys://:p@/w@h", ":p@/w", "h", 6379, "", ""},
                    good_url{"redis_with_tls", "rediss://h", "", "h", 6379, "", ""},
                    good_url{"unknown_scheme", "x://h", "", "h", 0, "", ""}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(bad_urls, are_refused) {
  for (const auto* const text :
       {"", "api.example", "://a", "http://", "http:///x", "http://u@", "http://:80", "http://a:b", "http://a:65536",
        "http://a:-1", "http://[::1", "http://[::1]x", "http://::1", "http://a b", "http://a/b c", "http://a/\r\nX: y",
        "http://a/?b\r\n", "http://a\t"}) {
    const auto parsed = parse_url(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, errc::bad_config);
    EXPECT_FALSE(parsed.error().context.empty());
  }
}

/// With a raw / ? or # in it a password can look like the port, to whoever parses it.
TEST(bad_urls, are_refused_without_a_word_of_the_password) {
  for (const auto* const text :
       {"http://user:hidden/word@proxy:3128", "http://user:hidden#word@proxy", "http://u:hidden?x@p",
        "http://u:hidden:word/@p", "http://[u:hidden/@p", "http://u:hidden@p:word"}) {
    const auto parsed = parse_url(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_FALSE(parsed.error().context.contains("hidden")) << parsed.error().context;
  }
}

TEST(urls, are_written_as_hosts_and_origins) {
  const auto written = [](std::string_view text) {
    const auto parsed = parse_url(text).value();
    return parsed.authority() + " " + parsed.origin();
  };
  EXPECT_EQ(written("https://User:p@A.example/x"), "a.example https://a.example:443");
  EXPECT_EQ(written("https://a.example:8443"), "a.example:8443 https://a.example:8443");
  EXPECT_EQ(written("http://[::1]:80"), "[::1] http://[::1]:80");
  EXPECT_EQ(written("http://[::1]:443"), "[::1]:443 http://[::1]:443");
}

TEST(hosts_and_ports, are_told_apart_by_the_last_colon_that_no_bracket_holds) {
  struct row {
    std::string_view text;
    std::string_view host;
    std::string_view port;
  };
  for (const auto& [text, host, port] :
       {row{"", "", ""}, row{"a", "a", ""}, row{"a:", "a", ""}, row{"a:1", "a", "1"}, row{":1", "", "1"},
        row{"[::1]", "::1", ""}, row{"[::1]:1", "::1", "1"}, row{"[]:x", "", "x"}}) {
    const auto parts = split_host_port(text);
    ASSERT_TRUE(parts) << text;
    EXPECT_EQ(parts->host, host) << text;
    EXPECT_EQ(parts->port, port) << text;
    EXPECT_EQ(parts->bracketed, text.starts_with('[')) << text;
  }
  for (const auto* const text : {"::1", "a:b:1", "[::1", "[::1]1", "[::1] :1"}) EXPECT_FALSE(split_host_port(text));
}

TEST(endpoints, are_read_and_written) {
  struct row {
    std::string_view text;
    std::string_view written;
  };
  for (const auto& [text, written] : {row{"127.0.0.1:7337", "127.0.0.1:7337"}, row{"[::1]:0", "[::1]:0"},
                                      row{":80", "0.0.0.0:80"}, row{"localhost:1", "localhost:1"}}) {
    const auto parsed = parse_endpoint(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->to_string(), written);
  }
  for (const auto* const text : {"", "127.0.0.1", "127.0.0.1:", "::1:80", "[::1]", "a:b", "a:70000", "[::1:80"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

TEST(loopback, is_this_machine_alone) {
  for (const auto* const host : {"localhost", "LocalHost", "127.0.0.1", "127.255.255.254", "::1"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const auto* const host : {"", "0.0.0.0", "128.0.0.1", "127.0.0", "127.0.0.1.example", "localhost.example",
                                 "::", "127.0.0.1234567890123", "1127.0.0.1"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
  EXPECT_TRUE((endpoint{.host = "::1", .port = 1}.is_loopback()));
  EXPECT_FALSE((endpoint{.host = "0.0.0.0", .port = 1}.is_loopback()));
}

}  // namespace
}  // namespace refrain::base
