#include "mock/png.h"

#include <boost/crc.hpp>

namespace refrain::mock {
namespace {

constexpr std::uint32_t side = 8;

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift & 0xffU));
  return bytes;
}

std::uint32_t crc32(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::uint32_t adler32(std::string_view bytes) {
  constexpr std::uint32_t modulus = 65521;
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % modulus;
    b = (b + a) % modulus;
  }
  return b << 16U | a;
}

std::string chunk(const std::string& type, const std::string& content) {
  return big_endian(static_cast<std::uint32_t>(content.size())) + type + content + big_endian(crc32(type + content));
}

/// A zlib stream of one block that is stored as it is.
std::string stored(const std::string& bytes) {
  const auto size = static_cast<std::uint16_t>(bytes.size());
  std::string out{'\x78', '\x01', '\x01'};
  for (const unsigned word : {unsigned{size}, ~unsigned{size}}) {
    out.push_back(static_cast<char>(word & 0xffU));
    out.push_back(static_cast<char>(word >> 8U & 0xffU));
  }
  return out + bytes + big_endian(adler32(bytes));
}

}  // namespace

std::string small_png(std::array<std::uint8_t, 3> colour, std::string_view comment) {
  const std::string true_colour{8, 2, 0, 0, 0};  // bits, colour type, methods
  std::string pixels;
  for (std::uint32_t line = 0; line < side; ++line) {
    pixels.push_back(0);  // no filter
    for (std::uint32_t pixel = 0; pixel < side; ++pixel) pixels.append(colour.begin(), colour.end());
  }
  std::string text = "Comment";
  text.push_back('\0');
  text.append(comment);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", big_endian(side) + big_endian(side) + true_colour) + chunk("tEXt", text) +
         chunk("IDAT", stored(pixels)) + chunk("IEND", "");
}

}  // namespace refrain::mock
