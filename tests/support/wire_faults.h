#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace refrain::tests {

/// What a fault_proxy does to a Redis connection: nothing by default. A chance is one reply's, from 0 to 1; of the
/// deeds from `duplicate` to `stall` a reply meets one at most. What sets a connection up (HELLO, AUTH, SELECT, CLIENT,
/// PING) and pushes are spared what comes by chance.
struct wire_faults {
  // Harmless: every caller still gets its own.
  double delay = 0;  ///< it comes later, and those behind it no earlier
  std::chrono::microseconds delay_up_to{1000};
  double split = 0;             ///< it comes in many pieces
  std::size_t split_up_to = 8;  ///< bytes of a piece
  // Harmful.
  double duplicate = 0;
  double drop = 0;
  double swap = 0;     ///< with the one behind it, where one is awaited
  double garbage = 0;  ///< bytes that are no reply come before it
  double flip = 0;     ///< one of its bytes is another
  double cut = 0;      ///< the connection ends before, within or after it, by FIN or RST
  double stall = 0;    ///< it comes after `stall_for`, and all behind it
  std::chrono::milliseconds stall_for = std::chrono::hours{1};

  bool deaf = false;       ///< nothing goes either way, on new connections and on those that stand
  std::string at_connect;  ///< said to who connects, who is then shown the door: `-ERR max number of clients reached`
  /// What a command is answered with in place of the server, which does not get it: by its name in upper case, `*` for
  /// every other but HELLO, AUTH, SELECT and CLIENT. In a transaction an error spoils EXEC, as it would there.
  std::map<std::string, std::string, std::less<>> answers;

  /// `any`: whether `*` stands for it too.
  [[nodiscard]] std::optional<std::string> answer_to(std::string_view name, bool any) const {
    auto at = answers.find(name);
    if (at == answers.end() && any) at = answers.find("*");
    return at == answers.end() ? std::nullopt : std::optional{at->second};
  }
};

/// How often it did what.
struct fault_tally {
  std::uint64_t connections = 0;
  std::uint64_t replies = 0;  ///< that the server has sent
  std::uint64_t delays = 0;
  std::uint64_t splits = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t drops = 0;
  std::uint64_t swaps = 0;
  std::uint64_t garbage = 0;
  std::uint64_t flips = 0;
  std::uint64_t cuts = 0;
  std::uint64_t stalls = 0;
  std::uint64_t answers = 0;  ///< in place of the server, those at connecting included

  /// What may have brought somebody another's reply.
  [[nodiscard]] std::uint64_t harm() const noexcept {
    return duplicates + drops + swaps + garbage + flips + cuts + stalls;
  }
};

enum class deed : std::uint8_t { none, duplicate, drop, swap, garbage, flip, cut, stall };

/// What one reply meets.
struct fate {
  deed what = deed::none;
  std::chrono::microseconds delay{0};
  bool split = false;
};

/// Decides by lot. Each call takes the same number of draws, so that one reply's fate does not depend on another's.
[[nodiscard]] fate draw_fate(const wire_faults& faults, std::mt19937_64& random);

}  // namespace refrain::tests
