#include "gateway/ask/credential_query.h"

#include <gtest/gtest.h>

#include <array>

namespace refrain::gateway {
namespace {

constexpr std::array<std::string_view, 2> names{"key", "access_token"};

using found = std::vector<std::string>;

TEST(credentials_of_a_query, are_found_by_name_however_it_is_spelt) {
  EXPECT_EQ(credentials_in("alt=sse&key=abc", names), (found{"abc", ""}));
  EXPECT_EQ(credentials_in("k%65y=a%2Db&access%5ftoken=t", names), (found{"a-b", "t"}));
  EXPECT_EQ(credentials_in("", names), (found{"", ""}));
  EXPECT_EQ(credentials_in("key&keys=1&Key=2&&xkey=3", names), (found{"", ""}));
  EXPECT_EQ(credentials_in("key=100%", names), (found{"100%", ""}));
}

TEST(credentials_of_a_query, are_no_single_key_where_there_are_several) {
  EXPECT_EQ(credentials_in("key=a&key=b", names), (found{"a&b", ""}));
  EXPECT_NE(credentials_in("key=a&key=b", names), credentials_in("key=b&key=a", names));
}

TEST(credentials_of_a_query, go_on_where_they_are_kept_and_all_else_does_to_the_letter) {
  EXPECT_EQ(without_credentials("a=1%2f&key=k&b&access_token=t", names, 0), "a=1%2f&b");
  EXPECT_EQ(without_credentials("a=1&key=k&k%65y=k", names, 1), "a=1&key=k&k%65y=k");
  EXPECT_EQ(without_credentials("k%65y=k", names, 2), "");
  EXPECT_EQ(without_credentials("key=k&access_token=t", names, 2), "access_token=t");
}

TEST(credentials_of_a_query, that_are_a_clients_key_stay_behind_by_whatever_name) {
  std::map<std::string, config::client_settings> clients;
  clients["voice"].key = base::secret{"ck-voice"};
  EXPECT_EQ(without_credentials("a=1&x=ck%2Dvoice&b=ck-voice2", names, 0, &clients), "a=1&b=ck-voice2");
}

}  // namespace
}  // namespace refrain::gateway
