#include "cache/tenant.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace refrain::cache {
namespace {

using enum credential_source;

const std::vector<std::string> placeholders{"DUMMY_KEY", "sk-test", "EMPTY"};
const std::map<std::string, config::client_settings> clients{
    {"voice", {.key = base::secret("ck-voice"), .tenant = "", .namespaces = {"team"}}},
    {"web", {.key = base::secret("ck-web"), .tenant = "front", .namespaces = {"team", "press"}}},
    {"app", {.key = base::secret("ck-app"), .tenant = "front", .namespaces = {}}}};
constexpr lender openai{.name = "openai", .key = "sk-lent"};
constexpr lender penniless{.name = "openai", .key = ""};

/// What a request shows: up to two credential headers, and a client key beside them.
struct request {
  std::array<std::string_view, 2> values{};
  std::string_view client_key{};
  bool beyond_loopback = false;
  std::vector<http::field> beside{};
};

base::result<identity> identify(const request& from, const lender& upstream = openai,
                                const base::digester& digests = {}) {
  return cache::identify({.values = from.values, .client_key = from.client_key, .beside = from.beside},
                         {.clients = clients, .placeholders = placeholders, .beyond_loopback = from.beyond_loopback},
                         upstream, digests);
}

identity known(const request& from, const lender& upstream = openai) {
  auto who = identify(from, upstream);
  EXPECT_TRUE(who) << who.error().to_string();
  return who.value_or(identity{});
}

struct rule {
  std::string_view name;
  request from;
  lender upstream;
  credential_source credential;
  std::uint32_t forwarded;
  std::string_view client;
};

class credential_rules : public testing::TestWithParam<rule> {};

TEST_P(credential_rules, hold) {
  const auto& [name, from, upstream, credential, forwarded, client] = GetParam();
  const auto who = known(from, upstream);
  EXPECT_EQ(who.credential, credential);
  EXPECT_EQ(who.forwarded, forwarded);
  EXPECT_EQ(who.client, client);
}

INSTANTIATE_TEST_SUITE_P(
    each, credential_rules,
    testing::Values(
        rule{"own_key_goes_upstream", {{"Bearer sk-mine"}}, openai, own, 1, ""},
        rule{"own_key_in_the_second_header", {{"", "sk-mine"}}, openai, own, 2, ""},
        rule{"absent_key_is_lent", {}, openai, lent, 0, ""},
        rule{"empty_bearer_is_lent", {{"Bearer "}}, openai, lent, 0, ""},
        rule{"placeholder_is_replaced", {{"Bearer DUMMY_KEY"}}, openai, lent, 0, ""},
        rule{"placeholder_beside_an_own_key_is_left_out", {{"Bearer EMPTY", "sk-mine"}}, openai, own, 2, ""},
        rule{"placeholder_goes_upstream_where_none_is_lent", {{"Bearer EMPTY"}}, penniless, own, 1, ""},
        rule{"nothing_stays_nothing_where_none_is_lent", {}, penniless, none, 0, ""},
        rule{"client_key_is_replaced", {{"Bearer ck-voice"}}, openai, lent, 0, "voice"},
        rule{"client_key_in_another_header", {{"", "ck-web"}}, openai, lent, 0, "web"},
        rule{"client_key_beside_an_own_key", {{"Bearer sk-mine"}, "ck-voice"}, openai, own, 1, "voice"},
        rule{"client_key_and_own_key_in_two_headers", {{"Bearer ck-voice", "sk-mine"}}, openai, own, 2, "voice"},
        rule{"client_key_beside_nothing_is_lent", {{}, "ck-voice"}, openai, lent, 0, "voice"},
        rule{"client_key_beside_needs_no_lent_key", {{}, "ck-voice"}, penniless, none, 0, "voice"},
        rule{"beyond_loopback_known_clients_are_lent", {{"Bearer ck-voice"}, "", true}, openai, lent, 0, "voice"},
        rule{"beyond_loopback_own_keys_work", {{"Bearer sk-mine"}, "", true}, openai, own, 1, ""}),
    [](const auto& one) { return std::string(one.param.name); });

struct refusal {
  std::string_view name;
  request from;
  lender upstream;
  std::string_view remedy;
};

class refused_identities : public testing::TestWithParam<refusal> {};

TEST_P(refused_identities, say_how_to_mend_it_and_tell_no_key) {
  const auto who = identify(GetParam().from, GetParam().upstream);
  ASSERT_FALSE(who);
  EXPECT_EQ(who.error().code, base::errc::unauthorized);
  EXPECT_NE(who.error().context.find(GetParam().remedy), std::string::npos) << who.error().context;
  for (const auto* key : {"ck-", "sk-"}) EXPECT_EQ(who.error().context.find(key), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    each, refused_identities,
    testing::Values(
        refusal{"wrong_client_key", {{"Bearer sk-mine"}, "ck-wrong"}, openai, "clients.<name>"},
        refusal{"client_key_with_nothing_to_lend", {{"Bearer ck-voice"}}, penniless, "upstream.openai.api_key"},
        refusal{"stranger_beyond_loopback", {{}, "", true}, openai, "clients.<name>.key"},
        refusal{"placeholder_beyond_loopback", {{"Bearer sk-test"}, "", true}, openai, "clients.<name>.key"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(tenants, one_key_is_one_tenant_in_every_header_and_scheme) {
  const auto bearer = known({{"Bearer sk-mine"}}).whose;
  EXPECT_EQ(known({{"", "sk-mine"}}).whose, bearer);
  EXPECT_EQ(known({{"Bearer sk-mine", "sk-mine"}}).whose, bearer);
  EXPECT_NE(known({{"Bearer sk-other"}}).whose, bearer);
}

TEST(tenants, two_keys_at_once_are_neither_s_tenant) {
  const auto both = known({{"Bearer sk-mine", "sk-other"}}).whose;
  EXPECT_NE(both, known({{"Bearer sk-mine"}}).whose);
  EXPECT_NE(both, known({{"", "sk-other"}}).whose);
}

TEST(tenants, absent_and_placeholder_keys_share_the_lent_key_s) {
  const auto absent = known({}).whose;
  EXPECT_EQ(known({{"Bearer DUMMY_KEY"}}).whose, absent);
  EXPECT_EQ(known({{"Bearer sk-lent"}}).whose, absent);
}

TEST(tenants, named_clients_have_their_tenant_whatever_key_goes_upstream) {
  const auto voice = known({{"Bearer ck-voice"}}).whose;
  EXPECT_EQ(voice.label, "client voice");
  EXPECT_EQ(known({{"Bearer sk-mine"}, "ck-voice"}).whose, voice);
  EXPECT_NE(known({{"Bearer ck-web"}}).whose, voice);
}

TEST(tenants, are_shared_by_clients_that_name_the_same) {
  EXPECT_EQ(known({{"Bearer ck-web"}}).whose, known({{"Bearer ck-app"}}).whose);
  EXPECT_EQ(known({{"Bearer ck-web"}}).whose.label, "client front");
}

TEST(tenants, account_is_that_of_the_key_that_goes_upstream) {
  EXPECT_EQ(known({{"Bearer ck-voice"}}).account, known({}).account);
  EXPECT_EQ(known({{"Bearer sk-mine"}, "ck-voice"}).account, known({{"Bearer sk-mine"}}).account);
  EXPECT_NE(known({{"Bearer sk-mine"}}).account, known({}).account);
}

TEST(tenants, label_of_a_key_comes_from_its_tag) {
  const auto mine = known({{"Bearer sk-mine"}}).whose;
  EXPECT_EQ(mine.label, "key-" + mine.tag.hex().substr(0, 8));
  EXPECT_EQ(known({}, penniless).whose.label, "no key");
}

TEST(tenants, a_key_that_reads_like_a_client_s_name_is_not_its_tenant) {
  EXPECT_NE(known({{"Bearer voice"}}).whose.tag, known({{"Bearer ck-voice"}}).whose.tag);
}

TEST(tenants, tags_are_keyed_by_the_secret) {
  const base::digester keyed(base::secret("pepper"));
  EXPECT_NE(identify({{"Bearer sk-mine"}}, openai, keyed)->whose.tag, known({{"Bearer sk-mine"}}).whose.tag);
}

TEST(tenants, are_told_apart_by_any_credential_that_goes_upstream) {
  const auto with = [](std::string_view name, std::string_view value, std::string_view bearer = "") {
    return known({.values = {bearer}, .beside = {{name, value}}});
  };
  EXPECT_NE(with("X-Api-Key", "alice").whose, with("X-Api-Key", "bob").whose);
  EXPECT_NE(with("X-Api-Key", "alice").whose, known({}).whose);
  EXPECT_NE(with("X-Api-Key", "alice").account, known({}).account);
  EXPECT_NE(with("Cookie", "session=alice", "Bearer ck-voice").whose,
            with("Cookie", "session=bob", "Bearer ck-voice").whose);
  EXPECT_EQ(with("x-api-key", "alice").whose, with("X-Api-Key", "alice").whose);
}

TEST(tenants, are_not_told_apart_by_what_says_nothing_of_who_asks) {
  const auto with = [](std::string_view name, std::string_view value) {
    return known({.values = {"Bearer sk-mine"}, .beside = {{name, value}}}).whose;
  };
  const auto mine = known({.values = {"Bearer sk-mine"}}).whose;
  EXPECT_EQ(with("Cookie", "__cf_bm=1"), mine);
  EXPECT_EQ(with("X-Api-Key", "DUMMY_KEY"), mine);
  EXPECT_EQ(with("X-Api-Key", "sk-mine"), mine) << "the same key twice is one";
}

TEST(tenants, a_clients_key_is_known_in_any_field) {
  const auto who = known({.beside = {{"X-Api-Key", "ck-voice"}}});
  EXPECT_EQ(who.client, "voice");
  EXPECT_EQ(who.whose, known({{"Bearer ck-voice"}}).whose);
}

TEST(namespaces, of_a_client_are_not_shared_by_who_shows_more_than_its_key) {
  const auto voice = known({.values = {"Bearer ck-voice"}, .beside = {{"Cookie", "session=alice"}}});
  EXPECT_EQ(tenant_for(voice, "team", {}), voice.whose);
}

TEST(namespaces, that_are_listed_are_shared_by_all_who_list_them) {
  const auto voice = known({{"Bearer ck-voice"}});
  const auto web = known({{"Bearer ck-web"}});
  EXPECT_EQ(tenant_for(voice, "team", {}), tenant_for(web, "team", {}));
  EXPECT_EQ(tenant_for(voice, "team", {}).label, "namespace team");
}

TEST(namespaces, that_are_not_listed_leave_the_tenant_its_own) {
  const auto voice = known({{"Bearer ck-voice"}});
  EXPECT_EQ(tenant_for(voice, "press", {}), voice.whose);
  EXPECT_EQ(tenant_for(voice, "", {}), voice.whose);
  const auto stranger = known({{"Bearer sk-mine"}});
  EXPECT_EQ(tenant_for(stranger, "team", {}), stranger.whose);
}

TEST(start, is_refused_where_keys_would_be_lent_to_the_world) {
  const std::vector<std::string> keys{"openai", "anthropic"};
  const base::endpoint world{.host = "0.0.0.0", .port = 7337};
  const auto fault = lending_fault(world, keys, false);
  ASSERT_TRUE(fault);
  for (const auto* word : {"0.0.0.0:7337", "openai, anthropic", "clients.<name>.key", "127.0.0.1"}) {
    EXPECT_NE(fault->find(word), std::string::npos) << *fault;
  }
  EXPECT_FALSE(lending_fault(world, keys, true));
  EXPECT_FALSE(lending_fault(world, {}, false));
  EXPECT_FALSE(lending_fault({.host = "127.0.0.1", .port = 7337}, keys, false));
}

}  // namespace
}  // namespace refrain::cache
