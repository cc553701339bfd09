#pragma once

#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace refrain::base {

/// simdjson with what it needs around it: memory that is reused from one text to the next, and the bytes of padding
/// that it reads past a text's end. One thread. Include it in source files alone: simdjson's header is large.
class padded_parser {
 public:
  /// Starts to read a text on demand. The document and all it gives out live until the next call.
  simdjson::simdjson_result<simdjson::ondemand::document> open(std::string_view json) {
    reserve(json.size() + simdjson::SIMDJSON_PADDING);
    std::ranges::copy(json, bytes_.get());
    std::memset(bytes_.get() + json.size(), 0, simdjson::SIMDJSON_PADDING);
    return parser_.iterate(bytes_.get(), json.size(), capacity_);
  }

  /// Where a place in the padded copy stands in the text.
  [[nodiscard]] std::size_t offset_of(const char* place) const noexcept {
    return static_cast<std::size_t>(place - bytes_.get());
  }

  /// Gives back the memory of an unusually large text, so that threads do not each keep what one request needed.
  void trim() {
    if (capacity_ <= kept_capacity) return;
    bytes_.reset();
    capacity_ = 0;
    parser_ = simdjson::ondemand::parser{};
  }

 private:
  static constexpr std::size_t kept_capacity = std::size_t{256} * 1024;

  void reserve(std::size_t size) {
    if (size <= capacity_) return;
    const std::size_t grown = std::max(size, std::size_t{4096});
    bytes_ = std::make_unique_for_overwrite<char[]>(grown);
    capacity_ = grown;
  }

  simdjson::ondemand::parser parser_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
};

/// A token without the white space after it, which simdjson leaves there.
[[nodiscard]] inline std::string_view without_space(std::string_view token) noexcept {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace refrain::base
