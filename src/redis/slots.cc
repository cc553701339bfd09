#include "redis/slots.h"

#include <array>

namespace refrain::redis {
namespace {

constexpr std::uint16_t polynomial = 0x1021;

constexpr std::array<std::uint16_t, 256> by_byte = [] {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    unsigned rest = byte << 8;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 0x8000) != 0 ? rest << 1 ^ polynomial : rest << 1;
    table[byte] = static_cast<std::uint16_t>(rest);
  }
  return table;
}();

std::uint16_t crc16(std::string_view bytes) noexcept {
  std::uint16_t rest = 0;
  for (const char c : bytes) {
    rest = static_cast<std::uint16_t>(rest << 8 ^ by_byte[(rest >> 8 ^ static_cast<unsigned char>(c)) & 0xff]);
  }
  return rest;
}

std::string_view hashed_part(std::string_view key) noexcept {
  const auto open = key.find('{');
  if (open == std::string_view::npos) return key;
  const auto close = key.find('}', open + 1);
  if (close == std::string_view::npos || close == open + 1) return key;
  return key.substr(open + 1, close - open - 1);
}

}  // namespace

std::uint16_t slot_of(std::string_view key) noexcept { return crc16(hashed_part(key)) % slot_count; }

}  // namespace refrain::redis
