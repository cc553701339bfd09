#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::redis {

/// Commands as they go on the wire, one after the other: each is answered by one reply.
class commands {
 public:
  commands() = default;
  /// One command: its name and its arguments, which may hold any bytes.
  commands(std::initializer_list<std::string_view> words) { add({words.begin(), words.size()}); }

  commands& add(std::span<const std::string_view> words);
  commands& add(const std::vector<std::string>& words) {
    return add(std::vector<std::string_view>{words.begin(), words.end()});
  }
  commands& add(std::initializer_list<std::string_view> words) { return add({words.begin(), words.size()}); }

  /// These, and then the others.
  commands& append(const commands& others);

  /// The first argument of the first command that has one: the key that all of them are about, where they are about one
  /// key, as a Cluster wants it.
  [[nodiscard]] std::string_view key() const noexcept { return std::string_view{wire_}.substr(key_at_, key_size_); }

  [[nodiscard]] std::string_view wire() const noexcept { return wire_; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  std::string wire_;
  std::size_t count_ = 0;
  std::size_t key_at_ = 0;
  std::size_t key_size_ = 0;
};

}  // namespace refrain::redis
