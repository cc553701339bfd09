#include "cache/credential.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::cache {
namespace {

TEST(scheme_words, are_no_part_of_a_credential) {
  EXPECT_EQ(strip_scheme("Bearer sk-1"), "sk-1");
  EXPECT_EQ(strip_scheme("bearer   sk-1 "), "sk-1");
  EXPECT_EQ(strip_scheme("Token dg-1"), "dg-1");
  EXPECT_EQ(strip_scheme("Basic dTpw"), "dTpw");
  EXPECT_EQ(strip_scheme("sk-1"), "sk-1");
  EXPECT_EQ(strip_scheme("Digest a b"), "Digest a b");
}

TEST(scheme_words, alone_hold_no_credential) {
  EXPECT_EQ(strip_scheme("Bearer "), "");
  EXPECT_EQ(strip_scheme("Bearer"), "");
  EXPECT_EQ(strip_scheme(""), "");
}

TEST(placeholders, are_found_in_any_case) {
  const std::vector<std::string> placeholders{"DUMMY_KEY", "none", "-"};
  EXPECT_TRUE(is_placeholder("DUMMY_KEY", placeholders));
  EXPECT_TRUE(is_placeholder("None", placeholders));
  EXPECT_TRUE(is_placeholder("-", placeholders));
  EXPECT_TRUE(is_placeholder("", placeholders));
  EXPECT_FALSE(is_placeholder("DUMMY_KEY2", placeholders));
}

TEST(credential_like_names, end_like_what_providers_and_proxies_use) {
  const std::vector<std::string> listed{"x-acting-for"};
  for (const auto* const one :
       {"X-Api-Key", "api-key", "Cookie", "X-Auth-Token", "X-Goog-IAM-Authorization-Token", "x-access-token", "X-Auth",
        "x-forwarded-user", "X-Forwarded-Email", "Client-Secret", "X-MS-Client-Principal", "X-Acting-For"}) {
    EXPECT_TRUE(is_credential_like(one, listed)) << one;
  }
  for (const auto* const one : {"Content-Type", "User-Agent", "Accept", "Idempotency-Key", "x-stainless-retry-count",
                                "X-Request-Id", "traceparent", "", "max-tokens", "X-Monkeys"}) {
    EXPECT_FALSE(is_credential_like(one, listed)) << one;
  }
}

TEST(cookies, of_load_balancers_say_nothing_of_who_asks) {
  EXPECT_EQ(identifying_cookies("__cf_bm=x; session=alice; AWSALBCORS=y"), "session=alice");
  EXPECT_EQ(identifying_cookies("__cf_bm=x; _cfuvid=y"), "");
  EXPECT_EQ(identifying_cookies(""), "");
}

}  // namespace
}  // namespace refrain::cache
