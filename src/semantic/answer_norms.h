#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace refrain::semantic {

/// Whether two answers say the same. What cannot be told counts as different wherever hits are counted.
enum class sameness : std::uint8_t { same, different, unknown };

/// How alike two answers are in words and vectors.
struct likeness {
  std::optional<double> cosine;  ///< of their vectors, where there are any
  double overlap = 0;            ///< F1 of the words that say what they are about
};

/// How alike answers of one class are: those that an identical prompt got when it was asked twice, and those of
/// unrelated prompts. Before there are enough of either, figures for MiniLM's vectors stand in. Not for several threads
/// at once.
class answer_norms {
 public:
  /// An identical prompt was asked twice, and got these answers.
  void learn_same(const likeness& answers);
  /// Two prompts that have nothing in common got these.
  void learn_unrelated(const likeness& answers);

  /// What answers must reach to be the same, and what they must pass not to be different.
  struct bounds {
    double same = 0;
    double unrelated = 0;
  };
  [[nodiscard]] bounds cosine() const;
  [[nodiscard]] bounds overlap() const;

  /// A pair was judged.
  void count(sameness what) noexcept;
  /// Whether answers of this class can be judged: not where more than a fifth are neither the same nor different.
  [[nodiscard]] bool is_judgeable() const noexcept;
  /// The share of those lately.
  [[nodiscard]] double unknown() const noexcept;

 private:
  /// The last scores of a kind.
  class sample {
   public:
    void add(double score);
    /// The score below which so large a share lies; nothing while there are few.
    [[nodiscard]] std::optional<double> quantile(double share) const;

   private:
    std::vector<float> scores_;
    std::size_t next_ = 0;
  };
  struct samples {
    sample same;
    sample unrelated;
  };
  [[nodiscard]] static bounds bounds_of(const samples& seen, const bounds& before);

  samples cosines_;
  samples overlaps_;
  double judged_ = 0;
  double unknown_ = 0;
};

}  // namespace refrain::semantic
