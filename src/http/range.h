#pragma once

#include <cstdint>
#include <string_view>

namespace refrain::http {

/// What of a body of known size is asked for.
struct byte_range {
  enum class extent : std::uint8_t {
    whole,         ///< nothing was asked, or nothing that has to be understood
    part,          ///< `size` bytes from `offset` on: 206
    out_of_reach,  ///< nothing of it is there: 416
  };
  extent what = extent::whole;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  friend bool operator==(const byte_range&, const byte_range&) = default;
};

/// Reads a Range field's value (RFC 9110, section 14.2) for a body of `size` bytes. Other units, several ranges and
/// malformed ones ask for nothing, which the RFC allows.
[[nodiscard]] byte_range choose_range(std::string_view field, std::uint64_t size) noexcept;

/// Whether an If-None-Match or If-Range field's value names this entity tag, quotes included. Tags compare weakly (RFC
/// 9110, section 8.8.3.2); `*` names none here, as it is not meant for what POST answers.
[[nodiscard]] bool names_tag(std::string_view field, std::string_view tag) noexcept;

}  // namespace refrain::http
