#include "config/names.h"

#include <gtest/gtest.h>

namespace refrain::config {
namespace {

TEST(names, follow_from_the_key) {
  const auto& plain = *find_row("cache.llm_ttl_quality");
  EXPECT_EQ(key_of(plain, ""), "cache.llm_ttl_quality");
  EXPECT_EQ(variable_of(plain, ""), "REFRAIN_CACHE_LLM_TTL_QUALITY");
  EXPECT_EQ(flag_of(plain, ""), "--cache-llm-ttl-quality");

  const auto& named = *find_row("upstream.<name>.api_key");
  EXPECT_EQ(key_of(named, "my-llm"), "upstream.my-llm.api_key");
  EXPECT_EQ(variable_of(named, "my-llm"), "REFRAIN_UPSTREAM_MY_LLM_API_KEY");
  EXPECT_EQ(flag_of(named, "my-llm"), "--upstream-my-llm-api-key");
  EXPECT_EQ(fill_in("<NAME>_API_KEY", "my-llm"), "MY_LLM_API_KEY");
}

TEST(names, lead_back_to_their_setting) {
  for (const auto& row : table()) {
    const std::string name = is_named(row) ? "my-llm" : "";
    const auto at = find_variable(variable_of(row, name));
    ASSERT_TRUE(at) << row.key;
    EXPECT_EQ(at->row, &row);
    EXPECT_EQ(at->name, name);
    EXPECT_FALSE(at->in_file);

    const auto in_file = find_variable(variable_of(row, name) + "_FILE");
    EXPECT_EQ(in_file.has_value(), has_file_form(row)) << row.key;
    if (in_file) EXPECT_TRUE(in_file->row == &row && in_file->in_file);
  }
}

TEST(names, are_lower_case_and_not_reserved) {
  for (const auto* const good : {"a", "my-llm", "gpt4", "0"}) EXPECT_TRUE(is_name(good)) << good;
  for (const auto* const bad : {"", "A", "a_b", "a.b", "a/b", "v1", "healthz", "readyz", "metrics"}) {
    EXPECT_FALSE(is_name(bad)) << bad;
  }
}

struct suggestion {
  std::vector<std::string> path;
  std::string_view complaint;
};

TEST(names, that_are_unknown_meet_the_nearest) {
  for (const auto& [path, complaint] :
       {suggestion{{"server", "lisen"}, "unknown setting server.lisen: did you mean server.listen?"},
        {{"sever", "listen"}, "unknown setting sever.listen: did you mean server.listen?"},
        {{"upstream", "my-llm", "baseurl"},
         "unknown setting upstream.my-llm.baseurl: did you mean upstream.my-llm.base_url?"},
        {{"zzz"}, "unknown setting zzz: `refrain config` lists all settings"},
        {{"upstream", "v1", "base_url"},
         "'v1' cannot be a name in upstream: use a-z, 0-9 and -, and none of v1, healthz, readyz, metrics"}}) {
    const auto at = find_key(path);
    ASSERT_FALSE(at);
    EXPECT_EQ(at.error().code, base::errc::bad_config);
    EXPECT_EQ(at.error().context, complaint);
  }
}

TEST(names, of_rows_are_unique) {
  for (const auto& row : table()) EXPECT_EQ(find_row(row.key), &row) << row.key << " stands twice";
}

TEST(names, of_general_settings_stand_before_those_they_set) {
  for (const auto& row : table()) {
    if (row.general.empty()) continue;
    ASSERT_NE(find_row(row.general), nullptr) << row.key;
    EXPECT_LT(find_row(row.general), &row);
  }
}

}  // namespace
}  // namespace refrain::config
