#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace refrain::base {

/// A SHA-256 or HMAC-SHA-256 value.
struct digest256 {
  std::array<std::uint8_t, 32> bytes{};

  friend auto operator<=>(const digest256&, const digest256&) = default;

  /// 64 lower-case hex digits.
  [[nodiscard]] std::string hex() const;
  [[nodiscard]] static std::optional<digest256> from_hex(std::string_view text) noexcept;
  [[nodiscard]] std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// A part of it as a number: a hash for tables and shards, as it is uniform already.
  [[nodiscard]] std::uint64_t word(std::size_t at = 0) const noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + at * sizeof value, sizeof value);
    return value;
  }
};

/// SHA-256 of bytes.
[[nodiscard]] digest256 sha256(std::string_view bytes) noexcept;

/// HMAC-SHA-256 (RFC 2104) of bytes.
[[nodiscard]] digest256 hmac_sha256(std::string_view key, std::string_view bytes) noexcept;

/// What makes digests that outsiders may see: SHA-256, or HMAC-SHA-256 where the operator set a secret, so that nobody
/// who can read a shared store can tell a request from its digest by guessing. Immutable: any thread.
class digester {
 public:
  digester() = default;
  explicit digester(const secret& key);

  [[nodiscard]] bool keyed() const noexcept { return !key_.empty(); }
  [[nodiscard]] digest256 operator()(std::string_view bytes) const noexcept;
  /// Names the key without telling it: 16 hex digits, empty where there is none. Stored with each entry.
  [[nodiscard]] const std::string& key_id() const noexcept { return key_id_; }

 private:
  secret key_;
  std::string key_id_;
};

/// Bytes to be digested, with every part tagged and length-prefixed, so that no two different sequences of parts give
/// the same bytes.
class digest_input {
 public:
  /// `tag` says what the part is.
  digest_input& add(char tag, std::string_view part);
  digest_input& add(char tag, const digest256& part) { return add(tag, part.view()); }
  digest_input& add(char tag, std::uint64_t number);
  [[nodiscard]] std::string_view view() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }

 private:
  std::string bytes_;
};

}  // namespace refrain::base

template <>
struct std::hash<refrain::base::digest256> {
  std::size_t operator()(const refrain::base::digest256& value) const noexcept { return value.word(); }
};
