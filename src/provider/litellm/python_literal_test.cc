#include "provider/litellm/python_literal.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/json/canonical.h"
#include "provider/litellm/python_repr.h"

namespace refrain::provider {
namespace {

/// As JSON; "none" where it is no literal.
std::string read(std::string_view text) {
  const auto tree = read_python_literal(text);
  if (!tree) return "none";
  std::string json;
  tree->write(json);
  return json;
}

TEST(python_literals, are_read_as_the_json_that_they_stand_for) {
  struct row {
    std::string_view python;
    std::string_view json;
  };
  static constexpr row rows[]{
      {"{}", "{}"},
      {"[]", "[]"},
      {"()", "[]"},
      {"(1,)", "[1]"},
      {"(1, 2)", "[1,2]"},
      {"{'a': None, 'b': True, 'c': False}", R"({"a":null,"b":true,"c":false})"},
      {"[0, -1, 1.5, 1e-07, 1e+16, -0.0]", "[0,-1,1.5,1e-07,1e+16,-0.0]"},
      {R"({"it's": 'say "hi"'})", R"({"it's":"say \"hi\""})"},
      {R"(['it\'s "it"', 'a\\b', '\n\r\t', '/'])", R"(["it's \"it\"","a\\b","\n\r\t","/"])"},
      {R"(['\x00\x7f\xad\u200f\U000e0001'])", "[\"\\u0000\x7f\xc2\xad\xe2\x80\x8f\xf3\xa0\x80\x81\"]"},
      {"['\xf0\x9f\x98\x80 \xe0\xa4\xa8']", "[\"\xf0\x9f\x98\x80 \xe0\xa4\xa8\"]"},
      {"{ 'a' : [ 1 , 2 ] } ", R"({"a":[1,2]})"},
  };
  for (const auto& [python, json] : rows) EXPECT_EQ(read(python), json) << python;
}

TEST(python_literals, that_no_repr_writes_are_none) {
  for (const auto* const text : {"",
                                 "1",
                                 "'a'",
                                 "{",
                                 "[",
                                 "(",
                                 "{'a'}",
                                 "{'a': }",
                                 "{'a': 1,}",
                                 "{1: 2}",
                                 "{'a': 1 'b': 2}",
                                 "{'a': 1} x",
                                 "[1",
                                 "[1 2]",
                                 "[,]",
                                 "[01]",
                                 "[1.]",
                                 "[.5]",
                                 "[+1]",
                                 "[nan]",
                                 "[inf]",
                                 "[true]",
                                 "[b'a']",
                                 "['a]",
                                 "['a' 'b']",
                                 R"(['\a'])",
                                 R"(['\x4'])",
                                 R"(['\ud800'])",
                                 R"(['\U00110000'])",
                                 R"(['\)",
                                 "['\xff']",
                                 "['\xc0\x80']",
                                 "{'a': {1, 2}}",
                                 "__import__('os')",
                                 "[len([])]",
                                 "# nothing"}) {
    EXPECT_EQ(read(text), "none") << text;
  }
}

TEST(python_literals, are_read_to_a_bounded_depth) {
  const std::string open(max_json_depth, '[');
  const std::string close(max_json_depth, ']');
  EXPECT_EQ(read(open + close), open + close);
  EXPECT_EQ(read("[" + open + close + "]"), "none");
  EXPECT_EQ(read(std::string(1'000'000, '(')), "none");
}

TEST(python_literals, are_what_repr_writes) {
  for (const auto* const json : {R"({"a":[1,2.5,null,true,{}],"it's":"\"\\\n"})",
                                 R"(["\u0000\u001f\u007f\u00ad\u200b\ud83d\ude00"])", R"(["'","\"","'\""])"}) {
    const auto tree = json_tree::parse(json);
    ASSERT_TRUE(tree.has_value());
    std::string python;
    ASSERT_TRUE(append_python_repr(python, *tree));
    const auto again = read_python_literal(python);
    ASSERT_TRUE(again.has_value()) << python;
    std::string twice;
    ASSERT_TRUE(append_python_repr(twice, *again));
    EXPECT_EQ(twice, python);
  }
}

}  // namespace
}  // namespace refrain::provider
