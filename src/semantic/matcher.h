#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "encoder/pair_scorer.h"
#include "encoder/text_encoder.h"
#include "entry/counters.h"
#include "semantic/guards.h"
#include "semantic/index.h"
#include "semantic/learner.h"
#include "semantic/question.h"
#include "semantic/standing.h"

namespace refrain::semantic {

/// A stored question beside one that is asked.
struct candidate {
  std::shared_ptr<const record> stored;
  double cosine = 0;
  std::optional<double> probability;  ///< that the answer is the same, where the pair scorer was asked
  comparison guards;

  /// What evidence is kept by.
  [[nodiscard]] double score() const noexcept { return probability.value_or(cosine); }
};

/// What was found for a question.
struct finding {
  reason why = reason::no_candidate;
  std::optional<candidate> nearest;  ///< the best that no guard speaks against; else the most similar
  encoder::vector_ptr vector;        ///< of the question; nullptr where it is none to be matched

  [[nodiscard]] bool is_served() const noexcept { return why == reason::served; }
  /// Whether its answer is worth holding against a fresh one: to learn.
  [[nodiscard]] bool is_lesson() const noexcept { return nearest && nearest->guards.may_answer(); }
};

/// How often what came of questions of one class, as reports have it.
using reason_counts = std::array<std::uint64_t, static_cast<std::size_t>(reason::failed) + 1>;

struct matcher_options {
  learner_options learning;
  std::function<double()> draw;                        ///< a random number from 0 to 1; any thread
  std::shared_ptr<const encoder::pair_scorer> scorer;  ///< nullptr: the cosine stands
};

/// Finds for questions the answers of similar ones, and learns how right they are: semantic.md, Steps. Any thread.
class matcher {
 public:
  /// `encoder`, `stored` and `clock` outlive it, and what is being encoded.
  matcher(encoder::text_encoder& encoder, index& stored, const base::clock& clock, matcher_options options);

  /// Whether anything could be served: if not, why, and the upstream need not wait for `find`. Quick.
  [[nodiscard]] std::optional<reason> hopeless(const question& asked) const;

  /// Looks for an answer to a question that may be matched (`judge_text`), on the encoder's threads; `done` is called
  /// there, or at once. `own`: the entry of the question itself, which is no candidate.
  void find(question asked, base::digest256 own, std::function<void(finding)> done);

  /// The stored answer of a lesson was held against a fresh one, or a person has said what it was.
  void learn(const question& asked, const candidate& lesson, bool different);

  /// A hit was reported as wrong or right (its entry's digest). False where no such hit is remembered.
  bool report(const base::digest256& entry, bool different);

  /// Calls `look` with what was learned, and how many entries are in quarantine.
  void show(const std::function<void(const learner&, std::size_t quarantined)>& look) const;
  [[nodiscard]] reason_counts counted() const;

  /// What was learned since the last time, as counters of today; and what all gateways have learned (kept_evidence.h).
  [[nodiscard]] entry::counter_deltas drain(std::int64_t today);
  void take_in(const entry::counter_deltas& kept, std::int64_t today);

  [[nodiscard]] const index& stored() const noexcept { return stored_; }
  /// Counts a question of which `find` is not asked.
  void count(reason why);

 private:
  struct served_hit {
    question asked;
    candidate stored;
  };

  [[nodiscard]] finding conclude(const question& asked, const base::digest256& own, encoder::vector_ptr vector);
  [[nodiscard]] std::vector<candidate> candidates(const question& asked, const base::digest256& own,
                                                  const std::vector<float>& vector) const;
  void score(const question& asked, std::vector<candidate>& all);
  [[nodiscard]] reason decide(const question& asked, const candidate& best);
  void remember_hit(const question& asked, const candidate& best);

  encoder::text_encoder& encoder_;
  index& stored_;
  const base::clock& clock_;
  const matcher_options options_;

  mutable std::mutex mutex_;
  learner learner_;  ///< guarded by mutex_, as is all below
  standing standing_;
  reason_counts counts_{};
  std::unordered_map<base::digest256, served_hit> hits_;  ///< the last of each entry
  std::deque<base::digest256> order_;                     ///< of `hits_`, oldest first
};

}  // namespace refrain::semantic
