#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace refrain::redis {

/// How many slots a Cluster deals out to its nodes.
inline constexpr std::size_t slot_count = 16384;

/// The slot of a key: CRC-16 (XMODEM) of it, or of what stands between its first `{` and the next `}` where that is not
/// empty. Source: the Redis Cluster specification, "Key distribution model" and "Hash tags"
/// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/).
[[nodiscard]] std::uint16_t slot_of(std::string_view key) noexcept;

}  // namespace refrain::redis
