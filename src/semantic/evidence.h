#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace refrain::semantic {

/// What an operator asks of semantic hits.
struct assurance {
  double max_wrong = 0.02;   ///< largest share of wrong answers among the semantic hits served
  double confidence = 0.95;  ///< how sure that share must be
};

/// What was seen at scores of one cell.
struct cell {
  double traffic = 0;    ///< candidates met, served or not
  double labelled = 0;   ///< of these, those whose answer was held against a fresh one
  double different = 0;  ///< of those, the ones where the answers differed

  cell& operator+=(const cell& other) noexcept;
};

/// The evidence for one class of requests and one bin of guards: how often a stored answer was wrong, by the score of
/// the pair. From it the threshold follows above which answers may be served.
///
/// Scores go from 0 to 1, in `cell_count` cells. Counters are additive: those of several nodes go together by `add`.
/// Not for several threads at once.
class evidence {
 public:
  static constexpr std::size_t cell_count = 60;

  /// A candidate was met at this score.
  void meet(double score) noexcept;
  /// Its answer was held against a fresh one.
  void label(double score, bool different) noexcept;
  /// Adds what others saw.
  void add(const evidence& others) noexcept;
  /// Old evidence counts less: all counters are multiplied. `factor` is from 0 to 1.
  void fade(double factor) noexcept;

  [[nodiscard]] double labels() const noexcept;
  [[nodiscard]] bool empty() const noexcept;
  /// Adds counts to one cell.
  void add(std::size_t at, const cell& counts) noexcept { cells_[at] += counts; }
  [[nodiscard]] const std::array<cell, cell_count>& cells() const noexcept { return cells_; }

  /// This evidence, and that of a wider class as if it were so many labels of its own, spread as the wider one's are.
  [[nodiscard]] evidence borrowing(const evidence& wider, double worth) const noexcept;

  /// The share of wrong answers among candidates at or above a cell, weighed by traffic, and the number of independent
  /// labels that it is worth. A cell with traffic and without labels counts as wrong.
  struct estimate {
    double wrong = 0;
    double worth = 0;
    double traffic = 0;
  };
  [[nodiscard]] estimate at_or_above(std::size_t first_cell) const noexcept;

  /// The same from the cell of a score on.
  [[nodiscard]] estimate at_or_above_score(double score) const noexcept;

  /// The lowest score from which on, with an error of at most `risk`, the share of wrong answers is at most
  /// `max_wrong`; nothing where there is no such score. Scores are tried from the highest down, beginning where zero
  /// errors would be enough, and ending at the first that fails: so many trials cost no confidence (fixed-sequence
  /// testing; Maurer, Hothorn, Lehmacher 1995).
  [[nodiscard]] std::optional<double> threshold(double max_wrong, double risk) const noexcept;

  /// Whether there are labels enough for a threshold, if none of them were wrong.
  [[nodiscard]] bool could_prove(double max_wrong, double risk) const noexcept;

 private:
  std::array<cell, cell_count> cells_{};
};

/// The upper end of the one-sided Wilson interval for a share seen in `count` trials. Source: E. B. Wilson, JASA 22
/// (1927). `quantile` is of the standard normal distribution.
[[nodiscard]] double wilson_upper_bound(double share, double count, double quantile) noexcept;

/// The quantile of the standard normal distribution for a probability between 0 and 1, within 1.2e-9. Source: P. J.
/// Acklam's rational approximation.
[[nodiscard]] double normal_quantile(double probability) noexcept;

/// When thresholds are looked at anew: at twice the labels of the look before, so that there are few looks, among which
/// the risk is split (looking whenever labels come would break the bound). A look that could not prove anything yet,
/// whatever the labels say, is put off and costs nothing.
class schedule {
 public:
  explicit schedule(assurance wanted) noexcept : wanted_(wanted) {}

  /// Whether it is time for a look, with so many labels in all.
  [[nodiscard]] bool is_due(double labels) const noexcept { return labels >= next_; }
  /// The risk that the next look may take.
  [[nodiscard]] double risk() const noexcept;
  /// The look was made.
  void looked(double labels) noexcept;
  /// It was put off.
  void put_off(double labels) noexcept { next_ = labels * postponement; }

 private:
  static constexpr double first_look = 100;  ///< labels
  static constexpr double postponement = 1.1;
  assurance wanted_;
  double next_ = first_look;
  unsigned looks_ = 0;
};

}  // namespace refrain::semantic
