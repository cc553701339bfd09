#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace refrain::mock {

/// What a server has counted since its start or the last reset.
struct tally {
  std::uint64_t calls = 0;
  std::map<std::string, std::uint64_t>
      by_path{};                  ///< without the query; beyond 1,000 paths the rest is under "(other)"
  std::uint64_t in_flight = 0;    ///< calls being answered now
  std::uint64_t abandoned = 0;    ///< calls whose client left before the answer was whole
  std::uint64_t connections = 0;  ///< accepted
  std::uint64_t bytes_out = 0;    ///< heads, bodies and framing, before TLS; /__mock/ included
};

}  // namespace refrain::mock
