#include "redis/address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::redis {
namespace {

using enum topology;

/// What a URL should be read as; what a case leaves out is as it is by default.
struct good_address {
  std::string_view name;
  std::string_view text;
  std::string_view location;
  std::string_view user = "";
  std::string_view password = "";
  topology kind = standalone;
  bool tls = false;
};

class good_addresses : public testing::TestWithParam<good_address> {};

TEST_P(good_addresses, are_read) {
  const auto& one = GetParam();
  const auto read = parse_address(one.text);
  ASSERT_TRUE(read) << read.error().context;
  EXPECT_EQ(read->location(), one.location);
  EXPECT_EQ(read->data_login.user, one.user);
  EXPECT_EQ(read->data_login.password.reveal(), one.password);
  EXPECT_EQ(read->kind, one.kind);
  EXPECT_EQ(read->tls, one.tls);
}

INSTANTIATE_TEST_SUITE_P(
    each, good_addresses,
    testing::Values(
        good_address{"host_alone", "redis://cache", "redis://cache:6379/0"},
        good_address{"host_and_port", "redis://cache:7000", "redis://cache:7000/0"},
        good_address{"database", "redis://cache:7000/3", "redis://cache:7000/3"},
        good_address{"slash_without_database", "redis://cache/", "redis://cache:6379/0"},
        good_address{"slash_after_database", "redis://cache/3/", "redis://cache:6379/3"},
        good_address{"database_in_the_query", "redis://cache?db=3", "redis://cache:6379/3"},
        good_address{"database_in_both", "redis://cache/3?db=3", "redis://cache:6379/3"},
        good_address{"capitals", "Redis://Cache.Example", "redis://cache.example:6379/0"},
        good_address{"blanks_around", "  redis://cache\t", "redis://cache:6379/0"},
        good_address{"empty_port", "redis://cache:/1", "redis://cache:6379/1"},
        good_address{"ipv4", "redis://10.0.0.1:1", "redis://10.0.0.1:1/0"},
        good_address{"ipv6", "redis://[2001:DB8::1]/2", "redis://[2001:db8::1]:6379/2"},
        good_address{"ipv6_and_port", "redis://[::1]:1", "redis://[::1]:1/0"},
        good_address{"ipv6_zone", "redis://[fe80::1%25Eth0]", "redis://[fe80::1%25Eth0]:6379/0"},
        good_address{"ipv6_raw_zone", "redis://[fe80::1%de0]", "redis://[fe80::1%25de0]:6379/0"},
        good_address{"ipv6_with_password", "redis://:p]@[::1]", "redis://[::1]:6379/0", "", "p]"},
        good_address{"compose_service", "redis://my_redis-1:6379", "redis://my_redis-1:6379/0"},
        good_address{"tls", "rediss://cache", "rediss://cache:6379/0", "", "", standalone, true},
        good_address{"valkey", "valkey://cache", "valkey://cache:6379/0"},
        good_address{"valkey_with_tls", "valkeys://cache", "valkeys://cache:6379/0", "", "", standalone, true},

        good_address{"password_alone", "redis://:pass@cache", "redis://cache:6379/0", "", "pass"},
        good_address{"user_and_password", "redis://app:pass@cache", "redis://cache:6379/0", "app", "pass"},
        good_address{"user_alone", "redis://app@cache", "redis://cache:6379/0", "app"},
        good_address{"user_with_empty_password", "redis://app:@cache", "redis://cache:6379/0", "app"},
        good_address{"empty_userinfo", "redis://@cache", "redis://cache:6379/0"},
        good_address{"colon_alone", "redis://:@cache", "redis://cache:6379/0"},
        good_address{"login_in_the_query", "redis://cache?username=app&password=pass", "redis://cache:6379/0", "app",
                     "pass"},
        good_address{"userinfo_before_the_query", "redis://a:b@cache?username=c&password=d", "redis://cache:6379/0",
                     "a", "b"},

        good_address{"upstash", "rediss://default:AbCdASQ0NzgzMzU@us1-merry-cat-32242.upstash.io:6379",
                     "rediss://us1-merry-cat-32242.upstash.io:6379/0", "default", "AbCdASQ0NzgzMzU", standalone, true},
        good_address{"redis_cloud", "redis://default:k3Y@redis-18841.c274.us-east-1-3.ec2.redns.redis-cloud.com:18841",
                     "redis://redis-18841.c274.us-east-1-3.ec2.redns.redis-cloud.com:18841/0", "default", "k3Y"},
        good_address{"railway", "redis://default:pw@redis.railway.internal:6379?family=0",
                     "redis://redis.railway.internal:6379/0", "default", "pw"},
        good_address{"heroku_with_its_user", "redis://h:p4f@ec2-1-2-3-4.compute-1.amazonaws.com:12345",
                     "redis://ec2-1-2-3-4.compute-1.amazonaws.com:12345/0", "h", "p4f"},
        good_address{"heroku", "rediss://:p4f@ec2-1-2-3-4.compute-1.amazonaws.com:12346?ssl_cert_reqs=none",
                     "rediss://ec2-1-2-3-4.compute-1.amazonaws.com:12346/0", "", "p4f", standalone, true},
        good_address{"elasticache", "rediss+cluster://:t@clustercfg.x.abc.use1.cache.amazonaws.com:6379",
                     "rediss+cluster://clustercfg.x.abc.use1.cache.amazonaws.com:6379", "", "t", cluster, true},

        good_address{"password_with_at", "redis://:p@ss@cache/1", "redis://cache:6379/1", "", "p@ss"},
        good_address{"password_with_hash", "redis://:p#ss@cache/1", "redis://cache:6379/1", "", "p#ss"},
        good_address{"password_with_slash", "redis://:p/s/@cache/1", "redis://cache:6379/1", "", "p/s/"},
        good_address{"password_with_question_mark", "redis://:p?s@cache/1", "redis://cache:6379/1", "", "p?s"},
        good_address{"password_with_colon", "redis://u:p:s@cache/1", "redis://cache:6379/1", "u", "p:s"},
        good_address{"password_with_all", "redis://u:#@/?&=:%@cache/1?db=1", "redis://cache:6379/1", "u", "#@/?&=:%"},
        good_address{"password_like_a_query", "redis://:p?db=1@cache", "redis://cache:6379/0", "", "p?db=1"},
        good_address{"password_like_a_url", "redis://:redis://a@b@cache", "redis://cache:6379/0", "", "redis://a@b"},
        good_address{"password_with_blank", "redis://:a b@cache", "redis://cache:6379/0", "", "a b"},
        good_address{"escapes", "redis://u%3A:p%40%2f%25@cache", "redis://cache:6379/0", "u:", "p@/%"},
        good_address{"stray_percent", "redis://:100%@cache", "redis://cache:6379/0", "", "100%"},
        good_address{"half_an_escape", "redis://:%4x%zz%%41@cache", "redis://cache:6379/0", "", "%4x%zz%A"},
        good_address{"slash_in_an_encoded_user", "redis://a%2Fb:p@cache", "redis://cache:6379/0", "a/b", "p"},
        good_address{"at_in_the_query", "redis://cache:1/0?password=a@b/c", "redis://cache:1/0", "", "a@b/c"},

        good_address{"cluster", "redis+cluster://a,b:7001,[::1]:7002", "redis+cluster://a:6379,b:7001,[::1]:7002", "",
                     "", cluster},
        good_address{"cluster_of_database_0", "redis+cluster://u:p@a/0", "redis+cluster://a:6379", "u", "p", cluster},
        good_address{"cluster_of_valkey", "valkeys+cluster://a", "valkeys+cluster://a:6379", "", "", cluster, true},
        good_address{"sentinel", "redis+sentinel://a,b:1/mymaster", "redis+sentinel://a:26379,b:1/mymaster/0", "", "",
                     sentinel},
        good_address{"sentinel_and_database", "rediss+sentinel://:p@a/My.Master-1/2",
                     "rediss+sentinel://a:26379/My.Master-1/2", "", "p", sentinel, true},
        good_address{"sentinel_by_the_query", "redis+sentinel://a/2?service_name=mymaster",
                     "redis+sentinel://a:26379/mymaster/2", "", "", sentinel},
        good_address{"sentinel_with_logins", "redis+sentinel://a/m?username=u&password=p&sentinel_password=x@y",
                     "redis+sentinel://a:26379/m/0", "u", "p", sentinel},

        // As the configuration puts them together from variables.
        good_address{"cluster_of_variables", "rediss+cluster://u:p%2F@a:6379,[::1]:1",
                     "rediss+cluster://a:6379,[::1]:1", "u", "p/", cluster, true},
        good_address{"sentinel_of_variables", "redis+sentinel://:p%26@s:26379/m/2?sentinel_password=q%26",
                     "redis+sentinel://s:26379/m/2", "", "p&", sentinel},

        good_address{"socket", "unix:///run/redis.sock", "unix:///run/redis.sock"},
        good_address{"socket_and_database", "unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=2"},
        good_address{"socket_and_password", "unix://:p@/run/redis.sock", "unix:///run/redis.sock", "", "p"},
        good_address{"socket_and_odd_password", "unix://u:a/@b@/run/redis.sock", "unix:///run/redis.sock", "u", "a/@b"},
        good_address{"socket_and_password_in_the_query", "unix:///run/redis.sock?password=p", "unix:///run/redis.sock",
                     "", "p"},
        good_address{"socket_with_an_at", "unix:///run/a@b.sock", "unix:///run/a%40b.sock"},
        good_address{"socket_with_escapes", "redis+unix:///run/a%20b", "redis+unix:///run/a%20b"},
        good_address{"socket_as_lettuce_writes_it", "redis+socket:///run/r", "redis+socket:///run/r"},
        good_address{"socket_of_valkey", "valkey+unix:///run/v", "valkey+unix:///run/v"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(address, reads_what_redis_py_reads_of_tls) {
  const auto read = parse_address(
      "rediss://h?ssl_ca_certs=/etc/ca%26.pem&ssl_certfile=c.pem&ssl_keyfile=k.pem&ssl_cert_reqs=None&"
      "ssl_check_hostname=False");
  ASSERT_TRUE(read) << read.error().context;
  EXPECT_EQ(read->tls_settings, (tls_options{.ca_file = "/etc/ca&.pem",
                                             .certificate_file = "c.pem",
                                             .key_file = "k.pem",
                                             .verify = false,
                                             .check_host = false}));
  for (const auto* const word : {"required", "REQUIRED", "CERT_REQUIRED", "optional"}) {
    EXPECT_EQ(parse_address("rediss://h?ssl_cert_reqs=" + std::string(word))->tls_settings.verify, true) << word;
  }
  EXPECT_EQ(parse_address("rediss://h?ssl_cert_reqs=CERT_NONE")->tls_settings.verify, false);
  EXPECT_EQ(parse_address("rediss://h")->tls_settings, tls_options{});
}

TEST(address, knows_what_is_of_other_clients_and_has_no_effect) {
  const auto read = parse_address("redis://h/1?socket_timeout=5&family=0&decode_responses=true");
  ASSERT_TRUE(read) << read.error().context;
  EXPECT_EQ(read->ignored, (std::vector<std::string>{"socket_timeout", "family", "decode_responses"}));
  const auto of_go = parse_address("rediss://h:1/0?skip_verify=true&pool_size=10&dial_timeout=5s");
  ASSERT_TRUE(of_go.has_value()) << of_go.error().context;
  EXPECT_EQ(of_go->ignored, (std::vector<std::string>{"skip_verify", "pool_size", "dial_timeout"}));
  EXPECT_FALSE(of_go->tls_settings.verify.has_value());
  EXPECT_EQ(*read, *parse_address("redis://h/1"));
}

TEST(address, takes_an_empty_value_of_the_query_as_none) {
  EXPECT_EQ(*parse_address("rediss://h?password=&ssl_ca_certs=&db=&ssl_cert_reqs="), *parse_address("rediss://h"));
}

TEST(address, keeps_a_sentinels_login_apart) {
  const auto read = parse_address("redis+sentinel://u:p@a/m?sentinel_username=s&sentinel_password=q%26");
  ASSERT_TRUE(read) << read.error().context;
  EXPECT_EQ(read->data_login, (login{.user = "u", .password = base::secret("p")}));
  EXPECT_EQ(read->sentinel_login, (login{.user = "s", .password = base::secret("q&")}));
}

struct bad_address {
  std::string_view name;
  std::string_view text;  ///< XYZZY in it stands for a secret
  std::string_view reason;
};

class bad_addresses : public testing::TestWithParam<bad_address> {};

TEST_P(bad_addresses, are_refused_with_a_remedy_and_without_the_secret) {
  const auto& one = GetParam();
  const auto read = parse_address(one.text);
  ASSERT_FALSE(read) << read->masked();
  EXPECT_EQ(read.error().code, base::errc::bad_config);
  EXPECT_TRUE(read.error().context.contains(one.reason)) << read.error().context;
  EXPECT_FALSE(read.error().context.contains("XYZZY")) << read.error().context;
}

INSTANTIATE_TEST_SUITE_P(
    each, bad_addresses,
    testing::Values(
        bad_address{"empty", "", "begins with redis://"},
        bad_address{"no_scheme", "user:XYZZY@cache:6379", "begins with redis://"},
        bad_address{"no_slashes", "redis:XYZZY", "begins with redis://"},
        bad_address{"path_alone", "/run/redis.sock", "unix:///path"},
        bad_address{"unix_without_slashes", "unix:/run/redis.sock", "unix:///path"},
        bad_address{"quotes", "\"redis://:XYZZY@cache\"", "leave them out"},
        bad_address{"single_quotes", "'redis://:XYZZY@cache'", "leave them out"},
        bad_address{"command", "redis-cli --tls -u redis://:XYZZY@cache", "what follows its -u"},
        bad_address{"rest_api", "https://XYZZY.upstash.io", "redis:// or rediss://"},
        bad_address{"plain_http", "http://:XYZZY@cache:6379", "redis:// or rediss://"},
        bad_address{"misspelt_scheme", "redi://:XYZZY@cache", "did you mean redis://"},
        bad_address{"lettuce_sentinel", "redis-sentinel://:XYZZY@cache", "did you mean redis+sentinel://"},
        bad_address{"other_scheme", "mongodb://:XYZZY@cache", "begins with redis://"},
        bad_address{"line_break", "redis://:XYZZY@cache\n/0", "line break"},
        bad_address{"nothing_after_the_scheme", "redis://", "host is missing"},
        bad_address{"no_host", "redis:///1", "host is missing"},
        bad_address{"no_host_after_userinfo", "redis://:XYZZY@", "host is missing"},
        bad_address{"no_host_but_a_port", "redis://:XYZZY@:6379", "host is missing"},
        bad_address{"password_without_at", "redis://user:XYZZY", "write user:password@HOST"},
        bad_address{"odd_password_without_at", "redis://XYZZY!", "its @ is missing"},
        bad_address{"password_without_colon", "redis://XYZZY/1@cache", "password alone is written :password@host"},
        bad_address{"port_in_letters", "redis://cache:XYZZY", "port is no number"},
        bad_address{"port_0", "redis://cache:0", "port is no number"},
        bad_address{"port_too_large", "redis://cache:65536", "from 1 to 65535"},
        bad_address{"blank_in_host", "redis://XYZZY cache", "no name or address"},
        bad_address{"ipv6_without_brackets", "redis://::1", "stands in []"},
        bad_address{"ipv6_without_end", "redis://[::1", "written [::1]:6379"},
        bad_address{"ipv6_and_more", "redis://[::1]XYZZY", "written [::1]:6379"},
        bad_address{"ipv6_of_letters", "redis://[XYZZY]", "no IPv6 address"},
        bad_address{"ipv6_without_zone", "redis://[fe80::1%]", "no IPv6 address"},
        bad_address{"database_in_letters", "redis://cache/XYZZY", "no number of a database"},
        bad_address{"database_below_0", "redis://cache/-1", "no number of a database"},
        bad_address{"database_too_large", "redis://cache/4294967295", "no number of a database"},
        bad_address{"two_steps", "redis://cache/1/2", "no number of a database"},
        bad_address{"two_databases", "redis://cache/1?db=2", "two databases"},
        bad_address{"database_of_the_query", "redis://cache?db=XYZZY", "db in the query is not right"},
        bad_address{"fragment", "redis://cache/0#XYZZY", "may follow a #"},
        bad_address{"several_hosts", "redis://:XYZZY@a,b", "redis+cluster:// or redis+sentinel://"},
        bad_address{"empty_host_in_a_list", "redis+cluster://a,,b", "host is missing"},
        bad_address{"comma_at_the_end", "redis+cluster://a,", "host is missing"},
        bad_address{"cluster_with_database", "redis+cluster://:XYZZY@a/1", "a Cluster has database 0 only"},
        bad_address{"cluster_with_database_in_the_query", "redis+cluster://a?db=1", "a Cluster has database 0 only"},
        bad_address{"no_service", "redis+sentinel://:XYZZY@a", "HOST/mymaster"},
        bad_address{"database_for_service", "redis+sentinel://a/0", "HOST/mymaster"},
        bad_address{"service_of_odd_letters", "redis+sentinel://a/my%20master", "HOST/mymaster"},
        bad_address{"two_services", "redis+sentinel://a/m/1?service_name=n", "no number of a database"},
        bad_address{"service_elsewhere", "redis://a?service_name=m", "write redis+sentinel://"},
        bad_address{"sentinel_password_elsewhere", "redis+cluster://a?sentinel_password=XYZZY",
                    "write redis+sentinel://"},
        bad_address{"misspelt_name", "rediss://:XYZZY@a?ssl_cert_req=none", "did you mean ssl_cert_reqs?"},
        bad_address{"unknown_name", "redis://a?XYZZY=1", "holds an unknown name"},
        bad_address{"name_twice", "redis://a?db=1&db=2", "db stands twice"},
        bad_address{"bad_verification", "rediss://a?ssl_cert_reqs=XYZZY", "give required or none"},
        bad_address{"bad_truth", "rediss://a?ssl_check_hostname=XYZZY", "give true or false"},
        bad_address{"tls_options_without_tls", "redis://a?ssl_cert_reqs=none", "write rediss://"},
        bad_address{"key_without_certificate", "rediss://a?ssl_keyfile=k.pem", "give both"},
        bad_address{"socket_by_a_relative_path", "unix://run/redis.sock", "unix:///path"},
        bad_address{"socket_without_path", "unix://", "unix:///path"},
        bad_address{"socket_with_nul", "unix:///run/%00", "NUL"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(address, bounds_a_sockets_path_as_the_system_does) {
  EXPECT_TRUE(parse_address("unix:///" + std::string(106, 'a')));
  const auto longer = parse_address("unix:///" + std::string(107, 'a'));
  ASSERT_FALSE(longer);
  EXPECT_TRUE(longer.error().context.contains("more than 107 bytes")) << longer.error().context;
}

struct shown_address {
  std::string text;
  std::string masked;
};

TEST(address, is_shown_without_its_secrets) {
  const std::vector<shown_address> cases{
      {"redis://h", "redis://h:6379/0"},
      {"redis://:XYZZY@h/1", "redis://:***@h:6379/1"},
      {"redis://a%2Fb:XYZZY@h", "redis://a%2Fb:***@h:6379/0"},
      {"redis://XYZZY@h", "redis://***@h:6379/0"},
      {"redis://h?password=XYZZY&username=u", "redis://u:***@h:6379/0"},
      {"rediss+cluster://a,b:1", "rediss+cluster://a:6379,b:1"},
      {"redis+sentinel://u:XYZZY@a,b/m/1?sentinel_username=s&sentinel_password=XYZZY",
       "redis+sentinel://u:***@a:26379,b:26379/m/1?sentinel_username=s&sentinel_password=***"},
      {"rediss://h/1?ssl_ca_certs=/etc/a%20b.pem&ssl_certfile=c&ssl_keyfile=k&ssl_cert_reqs=none&ssl_check_hostname=0",
       "rediss://h:6379/1?ssl_ca_certs=/etc/a%20b.pem&ssl_certfile=c&ssl_keyfile=k&ssl_cert_reqs=none&"
       "ssl_check_hostname=false"},
      {"unix://:XYZZY@/run/r?db=1", "unix://:***@/run/r?db=1"},
  };
  for (const auto& [text, masked] : cases) {
    const auto read = parse_address(text);
    ASSERT_TRUE(read) << text << ": " << read.error().context;
    EXPECT_EQ(read->masked(), masked);
    EXPECT_FALSE(read->location().contains("XYZZY")) << text;
    EXPECT_FALSE(read->location().contains('@')) << text;
    for (const auto& [name, value] : read->parts()) EXPECT_FALSE(value.contains("XYZZY")) << text << ": " << name;
    if (masked.contains("***")) continue;
    const auto again = parse_address(masked);
    ASSERT_TRUE(again) << masked << ": " << again.error().context;
    EXPECT_EQ(*again, *read) << masked;
  }
}

TEST(address, tells_its_parts_in_words) {
  EXPECT_EQ(parse_address("rediss://app:pw@Cache:1/2?ssl_ca_certs=ca.pem&timeout=5")->parts(),
            (std::vector<address_part>{{"scheme", "rediss"},
                                       {"kind", "standalone"},
                                       {"TLS", "yes, verified"},
                                       {"CA file", "ca.pem"},
                                       {"host", "cache"},
                                       {"port", "1"},
                                       {"user", "app"},
                                       {"password", "given"},
                                       {"database", "2"},
                                       {"without effect", "timeout"}}));
  EXPECT_EQ(parse_address("redis+sentinel://a,b:1/m")->parts(),
            (std::vector<address_part>{{"scheme", "redis+sentinel"},
                                       {"kind", "sentinel"},
                                       {"TLS", "no"},
                                       {"hosts", "a:26379, b:1"},
                                       {"user", "default"},
                                       {"password", "none"},
                                       {"database", "0"},
                                       {"service", "m"},
                                       {"Sentinel's user", "default"},
                                       {"Sentinel's password", "none"}}));
  EXPECT_EQ(parse_address("unix:///run/r")->parts(), (std::vector<address_part>{{"scheme", "unix"},
                                                                                {"kind", "standalone"},
                                                                                {"TLS", "no"},
                                                                                {"socket", "/run/r"},
                                                                                {"user", "default"},
                                                                                {"password", "none"},
                                                                                {"database", "0"}}));
}

TEST(address, tells_its_parts_on_one_line_each) {
  EXPECT_EQ(parse_address("redis://a%0Ab:p@h")->parts()[5], (address_part{"user", "a b"}));
}

TEST(address, says_how_far_tls_is_verified) {
  EXPECT_EQ(parse_address("rediss://h?ssl_cert_reqs=none")->parts()[2].value,
            "yes, but the certificate is not verified");
  EXPECT_EQ(parse_address("rediss://h?ssl_check_hostname=false")->parts()[2].value,
            "yes, verified but for the host name");
}

TEST(address, differs_where_any_part_does) {
  const auto base = *parse_address("redis+sentinel://u:p@a:1/m/1?sentinel_username=s&sentinel_password=q");
  EXPECT_EQ(base, base);
  for (const auto* const other : {"rediss+sentinel://u:p@a:1/m/1?sentinel_username=s&sentinel_password=q",
                                  "redis+sentinel://v:p@a:1/m/1?sentinel_username=s&sentinel_password=q",
                                  "redis+sentinel://u:r@a:1/m/1?sentinel_username=s&sentinel_password=q",
                                  "redis+sentinel://u:p@b:1/m/1?sentinel_username=s&sentinel_password=q",
                                  "redis+sentinel://u:p@a:2/m/1?sentinel_username=s&sentinel_password=q",
                                  "redis+sentinel://u:p@a:1,a:1/m/1?sentinel_username=s&sentinel_password=q",
                                  "redis+sentinel://u:p@a:1/n/1?sentinel_username=s&sentinel_password=q",
                                  "redis+sentinel://u:p@a:1/m/2?sentinel_username=s&sentinel_password=q",
                                  "redis+sentinel://u:p@a:1/m/1?sentinel_username=t&sentinel_password=q",
                                  "redis+sentinel://u:p@a:1/m/1?sentinel_username=s&sentinel_password=r"}) {
    EXPECT_FALSE(*parse_address(other) == base) << other;
  }
  EXPECT_FALSE(*parse_address("unix:///a") == *parse_address("unix:///b"));
  EXPECT_FALSE(*parse_address("rediss://a") == *parse_address("rediss://a?ssl_cert_reqs=none"));
}

TEST(tls_options, take_from_others_what_they_leave_out) {
  const tls_options settings{.ca_file = "ca", .certificate_file = "c", .key_file = "k", .verify = false};
  EXPECT_EQ(tls_options{}.or_else(settings), settings);
  EXPECT_EQ((tls_options{.certificate_file = "own", .verify = true, .check_host = false}.or_else(settings)),
            (tls_options{.ca_file = "ca", .certificate_file = "own", .verify = true, .check_host = false}));
}

TEST(addresses, know_where_each_password_was_set) {
  const auto origins = [](std::string_view url) {
    address there;
    there.note_origin(url);
    return std::pair{there.data_login.origin, there.sentinel_login.origin};
  };
  using both = std::pair<std::string, std::string>;
  EXPECT_EQ(origins("refrain.toml line 3"), (both{"refrain.toml line 3", "refrain.toml line 3"}));
  EXPECT_EQ(origins("REDIS_URL in .env"), (both{"REDIS_URL in .env", "REDIS_URL in .env"}));
  EXPECT_EQ(origins("REDIS_HOST in .env"), (both{"", ""})) << "none was";
  EXPECT_EQ(origins("REDIS_HOST in .env, REDIS_PASSWORD_FILE in the environment, REDIS_DB in .env").first,
            "REDIS_PASSWORD_FILE in the environment");
  EXPECT_EQ(origins("REDIS_SENTINEL_NODES in .env, REDIS_SENTINEL_PASSWORD in .env"),
            (both{"REDIS_SENTINEL_PASSWORD in .env", "REDIS_SENTINEL_PASSWORD in .env"}));
}

}  // namespace
}  // namespace refrain::redis
