#include "entry/latin1.h"

#include <simdjson.h>

namespace refrain::entry {

bool is_utf8(std::string_view bytes) noexcept { return simdjson::validate_utf8(bytes); }

std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text.push_back(c);
    } else {
      text.push_back(static_cast<char>(0xc0 | byte >> 6));
      text.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
    }
  }
  return text;
}

std::string to_latin1(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool pair = (byte == 0xc2 || byte == 0xc3) && i + 1 < text.size();
    bytes.push_back(pair ? static_cast<char>((byte & 0x03) << 6 | (text[++i] & 0x3f)) : text[i]);
  }
  return bytes;
}

}  // namespace refrain::entry
