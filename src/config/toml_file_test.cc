#include "config/toml_file.h"

#include <gtest/gtest.h>

namespace refrain::config {
namespace {

std::string complaint_about(std::string_view document) {
  const auto read = read_toml(document, "refrain.toml");
  return read ? "it reads" : read.error().context;
}

TEST(toml_file, gives_each_value_its_path_text_and_line) {
  const auto read = read_toml(
      "[server]\nlisten = \":1\"\nthreads = 4\nhosts = [\"a\", \"b\"]\n\n[upstream.my-llm]\nask_usage = true\n",
      "refrain.toml");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 4u);
  const auto find = [&](std::string_view last) {
    for (const auto& one : *read) {
      if (one.path.back() == last) return one;
    }
    return toml_value{};
  };
  EXPECT_EQ(find("listen").text, ":1");
  EXPECT_EQ(find("listen").line, 2);
  EXPECT_EQ(find("threads").text, "4");
  EXPECT_EQ(find("hosts").text, "a, b");
  EXPECT_TRUE(find("hosts").is_list);
  EXPECT_EQ(find("ask_usage").text, "true");
  EXPECT_EQ(find("ask_usage").path, (std::vector<std::string>{"upstream", "my-llm", "ask_usage"}));
  EXPECT_EQ(find("ask_usage").line, 7);
}

TEST(toml_file, says_where_it_is_no_toml_and_never_quotes_it) {
  EXPECT_EQ(complaint_about("[admin]\ntoken = sk-very-secret\n"),
            "refrain.toml line 2 column 9 is no TOML: texts stand in \"quotes\", a key stands once");
  EXPECT_TRUE(complaint_about("a = 1\na = 2").starts_with("refrain.toml line 2 "));
}

TEST(toml_file, refuses_what_no_setting_can_be) {
  EXPECT_EQ(
      complaint_about("[server]\ndrain = 2026-01-01\n"),
      "server.drain in refrain.toml line 2: give text, a number, true or false, or a list of texts without commas");
  EXPECT_TRUE(complaint_about("[server]\nhosts = [\"a,b\"]\n").starts_with("server.hosts in refrain.toml line 2"));
  EXPECT_TRUE(complaint_about("[[upstream]]\nname = \"x\"\n").starts_with("upstream in refrain.toml line 1"));
}

}  // namespace
}  // namespace refrain::config
