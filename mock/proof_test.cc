#include "mock/proof.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::mock {
namespace {

struct vector {
  std::string_view body;
  std::string_view proof;
};

/// Computed with the Python of proof.h.
constexpr vector vectors[] = {
    {R"({})", "44136fa355b3678a"},
    {R"({"model":"m","messages":[{"role":"user","content":"Hi"}]})", "3b13ba4d5238d47d"},
    {R"({"b":[1,-2,true,null],"a":{"é":"ü\u0001\n\"\\/","z":""}})", "dcf2fd2711a46ada"},
    {R"({"t":0.7,"u":1e-5,"v":1.5e300,"w":123456.789,"x":0.00012,"y":-2.5})", "9583c1bf1af7ba64"},
    {R"({"t":1.0,"big":12345678901234567890,"m":1e20,"z":-0.0})", "a66b7bbeed63e3aa"},
    {R"({"s":"\u007f\ud83d\ude00\u2028"})", "a88458da0ed76579"},
};

TEST(proof, agrees_with_the_documented_rule) {
  for (const auto& [body, proof] : vectors) EXPECT_EQ(proof_of(body), proof) << body;
}

TEST(proof, does_not_depend_on_the_order_of_members_or_on_blanks) {
  EXPECT_EQ(proof_of(R"({"a":1,"b":{"c":2,"d":3}})"), proof_of("{ \"b\": {\"d\":3, \"c\":2},\n\"a\":1 }"));
}

TEST(proof, leaves_out_what_cannot_change_the_answer) {
  const auto bare = proof_of(R"({"model":"m"})");
  for (const auto* name : {"stream", "stream_options", "user", "metadata", "safety_identifier", "prompt_cache_key",
                           "store", "service_tier", "cache"}) {
    EXPECT_EQ(proof_of(std::string(R"({"model":"m",")") + name + R"(":true})"), bare) << name;
  }
}

TEST(proof, differs_with_everything_else) {
  EXPECT_NE(proof_of(R"({"model":"m"})"), proof_of(R"({"model":"M"})"));
  EXPECT_NE(proof_of(R"({"a":"1"})"), proof_of(R"({"a":1})"));
  EXPECT_NE(proof_of(R"({"a":[1,2]})"), proof_of(R"({"a":[2,1]})"));
  EXPECT_NE(proof_of(R"({"a":{"stream":true}})"), proof_of(R"({"a":{}})"));
}

TEST(proof, is_of_an_object_alone) {
  for (const auto* body : {"", "[]", "1", "{", "{} x", "{\"a\":\"\xff\"}"}) {
    EXPECT_EQ(proof_of(body), std::nullopt) << body;
  }
}

}  // namespace
}  // namespace refrain::mock
