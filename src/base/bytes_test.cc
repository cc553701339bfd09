#include "base/bytes.h"

#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"

namespace refrain::base {
namespace {

TEST(byte_counts, are_written_in_the_largest_unit) {
  struct row {
    byte_count count;
    std::string_view text;
  };
  for (const auto& [count, text] :
       {row{{0}, "0 B"}, row{{1023}, "1023 B"}, row{1_KiB, "1 KiB"}, row{{1536}, "1.5 KiB"}, row{256_MiB, "256 MiB"},
        row{4_GiB, "4 GiB"}, row{{5000}, "4.9 KiB"}, row{{std::uint64_t{1} << 50}, "1024 TiB"}}) {
    EXPECT_EQ(to_string(count), text);
  }
}

TEST(byte_counts, are_added_and_compared) {
  auto count = 1_KiB + 1_KiB;
  count += 2_KiB;
  count -= 1_KiB;
  EXPECT_EQ(count - 1_KiB, 2_KiB);
  EXPECT_LT(1_MiB, 1_GiB);
}

TEST(slices, share_what_they_are_parts_of) {
  slice part;
  {
    const slice whole{std::string("hello world")};
    part = whole.part(6);
    EXPECT_TRUE(part.shares_with(whole));
    EXPECT_EQ(part.view().data(), whole.view().data() + 6);
    EXPECT_EQ(part.held(), whole.held());
  }
  EXPECT_EQ(part.view(), "world") << "the whole has gone";
  EXPECT_EQ(part.part(1, 3).view(), "orl");
  EXPECT_EQ(part.part(5).view(), "");
  EXPECT_FALSE(part.shares_with(slice{std::string("world")}));
}

TEST(slices, of_nothing_hold_nothing) {
  const slice none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.size(), 0u);
  EXPECT_EQ(none.held(), 0u);
}

// RFC 4648, section 10.
TEST(base64, is_as_its_standard_has_it) {
  struct row {
    std::string_view bytes;
    std::string_view text;
  };
  for (const auto& [bytes, text] : {row{"", ""}, row{"f", "Zg=="}, row{"fo", "Zm8="}, row{"foo", "Zm9v"},
                                    row{"foobar", "Zm9vYmFy"}, row{"\xff\xfe\xfd", "//79"}}) {
    EXPECT_EQ(base64_encode(bytes), text);
  }
}

}  // namespace
}  // namespace refrain::base
