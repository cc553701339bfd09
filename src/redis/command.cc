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
  for (std::size_t i = 0; i < words.size(); ++i) {
    append_length(wire_, '$', words[i].size());
    if (i == 1 && key_at_ == 0) {
      key_at_ = wire_.size();
      key_size_ = words[i].size();
    }
    wire_.append(words[i]).append("\r\n");
  }
  ++count_;
  return *this;
}

commands& commands::append(const commands& others) {
  if (key_at_ == 0 && others.key_at_ != 0) {
    key_at_ = wire_.size() + others.key_at_;
    key_size_ = others.key_size_;
  }
  wire_.append(others.wire_);
  count_ += others.count_;
  return *this;
}

}  // namespace refrain::redis
