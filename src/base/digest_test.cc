#include "base/digest.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace refrain::base {
namespace {

// FIPS 180-2, appendix B.
TEST(sha256, is_as_its_standard_has_it) {
  EXPECT_EQ(sha256("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({}).hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 4231, test cases 1, 2 and 6.
TEST(hmac_sha256, is_as_its_standard_has_it) {
  EXPECT_EQ(hmac_sha256(std::string(20, '\x0b'), "Hi There").hex(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?").hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First").hex(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac_sha256("key", {}), hmac_sha256("key", ""));
}

TEST(digests, are_the_same_on_all_threads) {
  const auto expected = sha256("text");
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i) {
    all.emplace_back([&] {
      for (int round = 0; round < 1000; ++round) ASSERT_EQ(sha256("text"), expected);
    });
  }
  for (auto& one : all) one.join();
}

TEST(digests, are_read_back_from_their_digits) {
  const auto value = sha256("x");
  EXPECT_EQ(digest256::from_hex(value.hex()), value);
  const auto digits = value.hex();
  for (const auto& text : {digits.substr(1), digits + "0", std::string(64, 'g'), std::string(64, 'A'), std::string()}) {
    EXPECT_EQ(digest256::from_hex(text), std::nullopt) << text;
  }
}

TEST(digests, have_sixteen_digits) {
  const auto digits = sha256("x").hex();
  for (int c = 0; c < 256; ++c) {
    for (const std::size_t at : {0u, 31u, 63u}) {
      auto text = digits;
      text[at] = static_cast<char>(c);
      const bool good = std::string_view{"0123456789abcdef"}.contains(static_cast<char>(c));
      const auto value = digest256::from_hex(text);
      ASSERT_EQ(value.has_value(), good) << c;
      if (good) ASSERT_EQ(value->hex(), text);
    }
  }
}

TEST(digesters, are_keyed_by_a_secret) {
  const digester plain;
  const digester keyed{secret{"key"}};
  EXPECT_FALSE(plain.keyed());
  EXPECT_EQ(plain("x"), sha256("x"));
  EXPECT_EQ(plain.key_id(), "");
  EXPECT_TRUE(keyed.keyed());
  EXPECT_EQ(keyed("x"), hmac_sha256("key", "x"));
}

TEST(digesters, name_their_key_without_telling_it) {
  const digester one{secret{"key"}};
  EXPECT_EQ(one.key_id().size(), 16u);
  EXPECT_EQ(one.key_id(), digester{secret{"key"}}.key_id());
  EXPECT_NE(one.key_id(), digester{secret{"kez"}}.key_id());
  EXPECT_FALSE(one.key_id().contains("key"));
}

/// Different parts must never give the same bytes, however they are cut.
TEST(digest_inputs, differ_where_their_parts_do) {
  std::set<std::string, std::less<>> seen;
  const auto put = [&seen](const digest_input& one) { return seen.emplace(one.view()).second; };
  EXPECT_TRUE(put(digest_input{}));
  EXPECT_TRUE(put(digest_input{}.add('a', "")));
  EXPECT_TRUE(put(digest_input{}.add('a', "").add('a', "")));
  EXPECT_TRUE(put(digest_input{}.add('a', "xy")));
  EXPECT_TRUE(put(digest_input{}.add('b', "xy")));
  EXPECT_TRUE(put(digest_input{}.add('a', "x").add('a', "y")));
  EXPECT_TRUE(put(digest_input{}.add('a', "x").add('b', "y")));
  EXPECT_TRUE(put(digest_input{}.add('a', std::string{digest_input{}.add('a', "xy").view()})));
  EXPECT_TRUE(put(digest_input{}.add('a', std::uint64_t{1})));
  EXPECT_TRUE(put(digest_input{}.add('a', std::uint64_t{256})));
}

TEST(digest_inputs, begin_anew_once_cleared) {
  digest_input one;
  one.add('a', "x");
  one.clear();
  EXPECT_EQ(one.view(), "");
}

}  // namespace
}  // namespace refrain::base
