#include "redis/command.h"

#include <charconv>

namespace refrain::redis {
namespace {

void append_length(std::string& out, char type, std::size_t length) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, length).ptr;
  out.push_back(type);
  out.append(digits, end).append("\r\n");
}

}  // namespace

commands& commands::add(std::span<const std::string_view> words) {
  append_length(wire_, '*', words.size());
  for (const auto word : words) {
    append_length(wire_, '$', word.size());
    wire_.append(word).append("\r\n");
  }
  ++count_;
  return *this;
}

}  // namespace refrain::redis
