#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace refrain::redis {

/// Commands as they go on the wire, one after the other: each is answered by one reply.
class commands {
 public:
  commands() = default;
  /// One command: its name and its arguments, which may hold any bytes.
  commands(std::initializer_list<std::string_view> words) { add({words.begin(), words.size()}); }

  commands& add(std::span<const std::string_view> words);
  commands& add(std::initializer_list<std::string_view> words) { return add({words.begin(), words.size()}); }

  [[nodiscard]] std::string_view wire() const noexcept { return wire_; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  std::string wire_;
  std::size_t count_ = 0;
};

}  // namespace refrain::redis
