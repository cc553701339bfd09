#include "config/variables.h"

#include <gtest/gtest.h>

#include <utility>

namespace refrain::config {
namespace {

TEST(kubernetes_variables, are_told_from_ours) {
  using pair = std::pair<std::string_view, std::string_view>;
  for (const auto& [name, value] : {pair{"REFRAIN_SERVICE_HOST", "10.0.0.1"},
                                    {"REFRAIN_SERVICE_PORT", "7337"},
                                    {"REFRAIN_SERVICE_PORT_HTTP", "7337"},
                                    {"REFRAIN_PORT", "tcp://10.0.0.1:7337"},
                                    {"REFRAIN_PORT_7337_TCP", "tcp://10.0.0.1:7337"},
                                    {"REFRAIN_PORT_7337_TCP_ADDR", "10.0.0.1"},
                                    {"REFRAIN_ADMIN_SERVICE_HOST", "10.0.0.1"},
                                    {"REFRAIN_ADMIN_PORT", "tcp://10.0.0.1:7338"},
                                    {"REFRAIN_ADMIN_PORT_7338_TCP", "tcp://10.0.0.1:7338"},
                                    {"REFRAIN_ADMIN_PORT_7338_TCP_PROTO", "tcp"}}) {
    EXPECT_TRUE(is_from_kubernetes(name, value)) << name;
  }
  for (const auto& [name, value] :
       {pair{"REFRAIN_SERVER_PORT", "7337"}, {"REFRAIN_SERVR_LISTEN", ":1"}, {"REFRAIN_ADMIN_PORT", "7338"}}) {
    EXPECT_FALSE(is_from_kubernetes(name, value)) << name;
  }
}

TEST(variables_of_two_sources, the_environment_hides_the_dot_env_even_where_empty) {
  const auto all = merge({{"A", "1"}, {"B", ""}}, read_dot_env("A=2\nB=2\nC=2\nC=3"));
  EXPECT_EQ(find_given(all, "A")->value, "1");
  EXPECT_EQ(find_given(all, "B"), nullptr);
  EXPECT_EQ(find_given(all, "C")->value, "3");
  EXPECT_EQ(find_given(all, "C")->from, source::dot_env);
}

}  // namespace
}  // namespace refrain::config
