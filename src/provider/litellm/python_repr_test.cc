#include "provider/litellm/python_repr.h"

#include <gtest/gtest.h>

namespace refrain::provider {
namespace {

/// `repr` of what `json.loads` makes of it; "none" where there is none.
std::string repr(std::string_view json) {
  const auto tree = json_tree::parse(json);
  std::string out;
  return tree && append_python_repr(out, *tree) ? out : "none";
}

TEST(python_repr, is_what_python_writes) {
  struct row {
    std::string_view json;
    std::string_view python;
  };
  static constexpr row rows[]{
      {R"([null,true,false,0,-0,-7])", "[None, True, False, 0, 0, -7]"},
      {R"([1.0,0.5,1e-4,1e-5,1e15,1e16,-0.0,1E2])",
       "[1.0, 0.5, 0.0001, 1e-05, 1000000000000000.0, 1e+16, -0.0, 100.0]"},
      {R"({"b":{"a":[]},"a":{}})", "{'b': {'a': []}, 'a': {}}"},
      {R"(["it's","say \"hi\"","it's \"it\""])", R"(["it's", 'say "hi"', 'it\'s "it"'])"},
      {R"(["\u0000\u001b\u007f\n\r\t\\"])", R"(['\x00\x1b\x7f\n\r\t\\'])"},
      {R"(["\u00e9\u00a0\u00ad\u2028\u3000"])", "['\xc3\xa9\\xa0\\xad\\u2028\\u3000']"},
      {R"(["\ud83d\ude00\udb40\udc01"])", "['\xf0\x9f\x98\x80\\U000e0001']"},
  };
  for (const auto& [json, python] : rows) EXPECT_EQ(repr(json), python) << json;
}

TEST(python_repr, is_none_where_pythons_differ) {
  for (const auto* const json : {"[18446744073709551616]", "[1e400]"}) EXPECT_EQ(repr(json), "none") << json;
}

TEST(python_str, is_repr_but_of_a_string) {
  const auto tree = json_tree::parse(R"(["it's \u00e9", ["a"]])");
  ASSERT_TRUE(tree.has_value());
  std::string out;
  EXPECT_TRUE(append_python_str(out, tree->elements[0]));
  EXPECT_TRUE(append_python_str(out, tree->elements[1]));
  EXPECT_EQ(out, "it's \xc3\xa9['a']");
}

}  // namespace
}  // namespace refrain::provider
