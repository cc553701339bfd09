#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace refrain::base {

/// A count of bytes, apart from other integers.
struct byte_count {
  std::uint64_t value = 0;

  friend constexpr auto operator<=>(byte_count, byte_count) = default;
  friend constexpr byte_count operator+(byte_count a, byte_count b) { return {a.value + b.value}; }
  friend constexpr byte_count operator-(byte_count a, byte_count b) { return {a.value - b.value}; }
  constexpr byte_count& operator+=(byte_count other) {
    value += other.value;
    return *this;
  }
  constexpr byte_count& operator-=(byte_count other) {
    value -= other.value;
    return *this;
  }
};

constexpr byte_count operator""_KiB(unsigned long long n) { return {n << 10}; }
constexpr byte_count operator""_MiB(unsigned long long n) { return {n << 20}; }
constexpr byte_count operator""_GiB(unsigned long long n) { return {n << 30}; }

/// "256 MiB", "1.5 GiB", "12 B".
[[nodiscard]] std::string to_string(byte_count count);

/// An immutable run of bytes that many readers hold at once; copying it copies no bytes.
class slice {
 public:
  slice() = default;
  /// Takes the bytes over.
  explicit slice(std::string bytes) : owner_(std::make_shared<const std::string>(std::move(bytes))), view_(*owner_) {}

  [[nodiscard]] std::string_view view() const noexcept { return view_; }
  [[nodiscard]] std::size_t size() const noexcept { return view_.size(); }
  [[nodiscard]] bool empty() const noexcept { return view_.empty(); }

  /// A part of the same bytes; shares their lifetime.
  [[nodiscard]] slice part(std::size_t offset, std::size_t length = std::string_view::npos) const {
    slice piece = *this;
    piece.view_ = view_.substr(offset, length);
    return piece;
  }

  /// Bytes of memory that it keeps alive: those of the whole run it is a part of.
  [[nodiscard]] std::size_t held() const noexcept { return owner_ ? owner_->capacity() : 0; }
  /// Whether both are parts of one run.
  [[nodiscard]] bool shares_with(const slice& other) const noexcept { return owner_ == other.owner_; }

 private:
  std::shared_ptr<const std::string> owner_;
  std::string_view view_;
};

}  // namespace refrain::base
