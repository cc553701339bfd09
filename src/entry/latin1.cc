#include "entry/latin1.h"

#include <simdjson.h>

#include "base/utf8.h"

namespace refrain::entry {

bool is_utf8(std::string_view bytes) noexcept { return simdjson::validate_utf8(bytes); }

std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) (void)base::append_utf8(text, static_cast<unsigned char>(c));
  return text;
}

std::string to_latin1(std::string_view text) {
  std::string bytes;
  while (const auto character = base::take_code_point(text)) bytes.push_back(static_cast<char>(*character));
  return bytes;
}

}  // namespace refrain::entry
