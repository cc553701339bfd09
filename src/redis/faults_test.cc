#include "redis/faults.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::redis {
namespace {

struct reply {
  std::string_view name;
  std::string_view text;
  fault what;
  remedy next;
};

class error_replies : public testing::TestWithParam<reply> {};

TEST_P(error_replies, are_told_apart) {
  const auto& one = GetParam();
  for (const auto& text : {std::string(one.text), "-" + std::string(one.text), std::string(one.text) + "\r\n"}) {
    EXPECT_EQ(judge_error(text).what, one.what);
    EXPECT_EQ(judge_error(text).next, one.next);
    EXPECT_FALSE(judge_error(text).sentence.empty());
  }
}

// The texts are those of Redis 4, 6, 7 and Valkey 8, and of hosted ones where it is said.
INSTANTIATE_TEST_SUITE_P(
    each, error_replies,
    testing::Values(
        reply{"noauth", "NOAUTH Authentication required.", fault::credentials_missing, remedy::wait_for_settings},
        reply{
            "noauth_hello",
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> "
            "option can be used to authenticate the client and select the RESP protocol version at the same time",
            fault::credentials_missing, remedy::wait_for_settings},
        reply{"large_command_before_auth", "ERR Protocol error: unauthenticated bulk length",
              fault::credentials_missing, remedy::wait_for_settings},
        reply{"redis_2", "ERR operation not permitted", fault::credentials_missing, remedy::wait_for_settings},
        reply{"wrongpass", "WRONGPASS invalid username-password pair or user is disabled.", fault::credentials_refused,
              remedy::wait_for_settings},
        reply{"wrongpass_of_upstash", "WRONGPASS invalid or missing auth token", fault::credentials_refused,
              remedy::wait_for_settings},
        reply{"wrong_password_before_acls", "ERR invalid password", fault::credentials_refused,
              remedy::wait_for_settings},
        reply{"password_unasked",
              "ERR AUTH <password> called without any password configured for the default user. Are you sure your "
              "configuration is correct?",
              fault::password_unasked, remedy::drop_password},
        reply{"password_unasked_before_acls", "ERR Client sent AUTH, but no password is set", fault::password_unasked,
              remedy::drop_password},
        reply{"protected_mode",
              "DENIED Redis is running in protected mode because protected mode is enabled and no password is set for "
              "the default user.",
              fault::protected_mode, remedy::wait_for_settings},
        reply{"noperm_command", "NOPERM this user has no permissions to run the 'get' command", fault::not_permitted,
              remedy::feature_off},
        reply{"noperm_key", "NOPERM No permissions to access a key", fault::not_permitted, remedy::feature_off},
        reply{"loading", "LOADING Redis is loading the dataset in memory", fault::loading, remedy::leave_node},
        reply{"busy", "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
              fault::busy, remedy::leave_node},
        reply{"busykey_is_not_busy", "BUSYKEY Target key name already exists.", fault::other, remedy::miss},
        reply{"masterdown", "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
              fault::primary_away, remedy::leave_node},
        reply{"noreplicas", "NOREPLICAS Not enough good replicas to write.", fault::too_few_replicas,
              remedy::pause_writes},
        reply{"misconf", "MISCONF Errors writing to the AOF file: No space left on device", fault::cannot_persist,
              remedy::pause_writes},
        reply{"readonly", "READONLY You can't write against a read only replica.", fault::read_only,
              remedy::leave_node},
        reply{"oom", "OOM command not allowed when used memory > 'maxmemory'.", fault::out_of_memory,
              remedy::pause_writes},
        reply{"clusterdown", "CLUSTERDOWN Hash slot not served", fault::cluster_down, remedy::leave_node},
        reply{"moved", "MOVED 3999 127.0.0.1:6381", fault::moved, remedy::follow},
        reply{"ask", "ASK 3999 127.0.0.1:6381", fault::ask, remedy::follow},
        reply{"tryagain", "TRYAGAIN Multiple keys request during rehashing of slot", fault::try_again,
              remedy::ask_again},
        reply{"crossslot", "CROSSSLOT Keys in request don't hash to the same slot", fault::cross_slot, remedy::miss},
        reply{"select_in_a_cluster", "ERR SELECT is not allowed in cluster mode", fault::is_cluster,
              remedy::wait_for_settings},
        reply{"no_cluster", "ERR This instance has cluster support disabled", fault::is_no_cluster,
              remedy::wait_for_settings},
        reply{"maxclients", "ERR max number of clients reached", fault::too_many_clients, remedy::fewer_connections},
        reply{"maxclients_of_a_cluster", "ERR max number of clients + cluster connections reached",
              fault::too_many_clients, remedy::fewer_connections},
        reply{"maxclients_of_upstash", "ERR max concurrent connections exceeded", fault::too_many_clients,
              remedy::fewer_connections},
        reply{"database_out_of_range", "ERR DB index is out of range", fault::no_such_database,
              remedy::wait_for_settings},
        reply{"database_invalid", "ERR invalid DB index", fault::no_such_database, remedy::wait_for_settings},
        reply{"daily_limit_of_upstash", "ERR max daily request limit exceeded. Limit: 10000, Usage: 10000.",
              fault::over_quota, remedy::leave_node},
        reply{"capacity_of_upstash", "ERR DB capacity quota exceeded", fault::over_quota, remedy::pause_writes},
        reply{"size_of_upstash", "ERR max request size exceeded. Limit: 1048576 bytes", fault::too_large, remedy::miss},
        reply{"bulk_too_large", "ERR Protocol error: invalid bulk length", fault::too_large, remedy::miss},
        reply{"noproto", "NOPROTO unsupported protocol version", fault::no_resp3, remedy::speak_resp2},
        reply{"no_hello", "ERR unknown command 'HELLO'", fault::no_resp3, remedy::speak_resp2},
        reply{"no_hello_in_redis_5",
              "ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `default`, `secret`, ",
              fault::no_resp3, remedy::speak_resp2},
        reply{"hget_at_a_sentinel", "ERR unknown command 'HGET', with args beginning with: 'k' 'meta' ",
              fault::is_sentinel, remedy::wait_for_settings},
        reply{"unknown_command", "ERR unknown command 'UNLINK', with args beginning with: 'k' ", fault::unknown_command,
              remedy::feature_off},
        reply{"arguments_are_not_the_fault",
              "ERR unknown command 'FOO', with args beginning with: 'max number of clients reached' ",
              fault::unknown_command, remedy::feature_off},
        reply{"wrongtype", "WRONGTYPE Operation against a key holding the wrong kind of value", fault::wrong_type,
              remedy::miss},
        reply{"execabort", "EXECABORT Transaction discarded because of previous errors.", fault::transaction_lost,
              remedy::miss},
        reply{"unknown", "ERR syntax error", fault::other, remedy::miss},
        reply{"empty", "", fault::other, remedy::miss},
        reply{"code_in_the_middle", "ERR MOVED 1 a:1", fault::other, remedy::miss},
        reply{"longer_code", "MOVEDX 1 a:1", fault::other, remedy::miss}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(faults, of_credentials_say_where_the_password_goes_and_never_repeat_it) {
  EXPECT_TRUE(judge_error("NOAUTH").sentence.contains("set REDIS_PASSWORD or redis://:password@host"));
  EXPECT_TRUE(judge_error("WRONGPASS").sentence.contains("REDIS_PASSWORD"));
  EXPECT_FALSE(judge_error("ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `default`, `XYZZY`")
                   .sentence.contains("XYZZY"));
}

TEST(faults, of_credentials_say_what_was_given_and_where_it_was_set) {
  const auto said = [](fault what, std::string user, std::string password, std::string origin) {
    return sentence_for(
        what, {.user = std::move(user), .password = base::secret(std::move(password)), .origin = std::move(origin)});
  };
  EXPECT_EQ(said(fault::credentials_missing, "", "", ""), judge_error("NOAUTH").sentence);
  EXPECT_EQ(said(fault::credentials_refused, "", "XYZZY", ""), judge_error("WRONGPASS").sentence);
  EXPECT_EQ(said(fault::credentials_missing, "", "", "REDIS_URL in .env"),
            "Redis asks for a password, which the URL from REDIS_URL in .env lacks: write it there, "
            "redis://:password@host");
  EXPECT_EQ(said(fault::credentials_refused, "app", "XYZZY", "REDIS_PASSWORD in the environment"),
            "Redis refuses the user app with the password from REDIS_PASSWORD in the environment: correct them to what "
            "its ACL LIST or its provider's page shows");
  EXPECT_TRUE(said(fault::credentials_missing, "", "XYZZY", "--store").starts_with("Redis refuses the user default"))
      << "a password was given";
}

TEST(faults, that_are_not_known_are_quoted_without_a_commands_arguments) {
  EXPECT_TRUE(sentence_for("-ERR no upstream host\r\n").contains("'ERR no upstream host'"));
  EXPECT_TRUE(to_error("WHATEVER now, with args beginning with: `XYZZY`").context.contains("'WHATEVER now"));
  EXPECT_FALSE(to_error("WHATEVER now, with args beginning with: `XYZZY`").context.contains("XYZZY"));
  EXPECT_EQ(sentence_for("OOM command not allowed"), judge_error("OOM").sentence);
  EXPECT_LT(sentence_for("ERR " + std::string(10'000, 'x')).size(), 300U);
}

TEST(faults, show_in_what_comes_in_place_of_a_first_reply) {
  EXPECT_EQ(judge_greeting("").what, fault::speaks_tls);
  EXPECT_EQ(judge_greeting("\x15\x03\x01").what, fault::speaks_tls);
  EXPECT_EQ(judge_greeting("HTTP/1.1 400 Bad Request\r\n").what, fault::speaks_http);
  EXPECT_EQ(judge_greeting("-DENIED Redis is running in protected mode").what, fault::protected_mode);
  EXPECT_EQ(judge_greeting("-ERR max number of clients reached\r\n").what, fault::too_many_clients);
  EXPECT_EQ(judge_greeting("SSH-2.0").what, fault::other);
}

}  // namespace
}  // namespace refrain::redis
