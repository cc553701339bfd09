#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "base/digest.h"

namespace refrain::semantic {

/// What was found out about single stored answers: which were wrong, and who found them right. Bounded: of many entries
/// the oldest are forgotten. Not for several threads at once.
class standing {
 public:
  /// A question's answer was held against the stored one's, or a person has reported it.
  void label(const base::digest256& entry, const base::digest256& asker, double score, bool different);

  /// Whether the entry may still be served at this score: one wrong answer bars it up to a little above the score that
  /// it had, two bar it for good.
  [[nodiscard]] bool is_quarantined(const base::digest256& entry, double score) const;

  /// Whether two credentials have found it right: what others of the namespace than its contributor wait for.
  [[nodiscard]] bool is_confirmed(const base::digest256& entry) const;

  [[nodiscard]] std::size_t quarantined() const noexcept;

 private:
  struct record {
    double barred_below = 0;
    unsigned different = 0;
    base::digest256 first_to_agree{};
    unsigned agreeing = 0;  ///< credentials, up to two
  };
  static constexpr std::size_t most = 100'000;

  std::unordered_map<base::digest256, record> records_;
  std::deque<base::digest256> order_;  ///< oldest first
};

}  // namespace refrain::semantic
