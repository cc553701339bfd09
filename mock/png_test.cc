#include "mock/png.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace refrain::mock {
namespace {

/// What Python's zlib and struct make of the same image, and zlib reads.
constexpr std::size_t size = 293;
constexpr std::string_view digest = "7c66804e7fb451e9acb96db075535445814a49205c30bd096590acd5e20be6bc";

TEST(png, is_the_one_that_another_program_makes) {
  const auto image = small_png({1, 2, 255}, "hello");
  ASSERT_EQ(image.size(), size);
  std::array<unsigned char, 32> found{};
  EVP_Digest(image.data(), image.size(), found.data(), nullptr, EVP_sha256(), nullptr);
  EXPECT_EQ(fmt::format("{:02x}", fmt::join(found, "")), digest);
}

}  // namespace
}  // namespace refrain::mock
