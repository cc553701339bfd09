#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "semantic/evidence.h"
#include "semantic/guards.h"

namespace refrain::semantic {

/// Whose evidence counts for a request: its route's (upstream, endpoint, model), or where that has too little its
/// tenant's, or that of all.
struct request_class {
  std::string route;
  std::string tenant;
  std::string_view measure = "cosine";  ///< what its scores are
};

/// What is done about a candidate.
enum class verdict : std::uint8_t {
  serve,
  explore,      ///< it would be served; this time the upstream is asked, and the answers are held against each other
  no_evidence,  ///< the class has too little, or what it has is too bad
  below,        ///< the score is below the threshold
  alarm,        ///< the class served more wrong answers than it should, and learns anew
};
[[nodiscard]] std::string_view to_string(verdict what) noexcept;

struct learner_options {
  assurance wanted;
  double explore_rate = 0.05;  ///< of what would be served
  double explore_after_alarm = 0.2;
  double half_life = 5'000;  ///< labels after which a label counts half
  double borrowed = 20;      ///< labels that a class takes from the wider one
};

/// Learns for each class and bin above which score stored answers may be served: semantic.md, Learning `T`. Not for
/// several threads at once.
class learner {
 public:
  explicit learner(learner_options options) : options_(options) {}

  /// What to do about a candidate at this score, which is met. `draw` is a random number from 0 to 1, which decides
  /// whether to explore.
  [[nodiscard]] verdict decide(const request_class& whose, bin where, double score, double draw);

  /// Whether there is any score, in any bin, at which something would be served. Of all measures.
  [[nodiscard]] bool could_serve(const request_class& whose) const;

  /// The answers of the pair were held against each other: an explored one, or one that was not served. What cannot be
  /// told counts as different.
  void label(const request_class& whose, bin where, double score, bool different);

  /// The lowest score that is served; nothing where none is.
  [[nodiscard]] std::optional<double> threshold(const request_class& whose, bin where) const;

  [[nodiscard]] const learner_options& options() const noexcept { return options_; }

  /// Evidence of one class.
  struct account {
    evidence seen;
    std::optional<double> from;  ///< the threshold of the last look
    bool alarmed = false;        ///< since then it learns anew
    double labels = 0;           ///< all that there were, faded or not
    double wrong_at_look = 0;    ///< share of wrong answers above `from` when it was chosen
    double recent = 0;           ///< labels above `from` since then
    double recent_different = 0;
    std::optional<schedule> looks{};
    std::uint64_t alarms = 0;  ///< so many times it began anew: evidence of before counts no more
    evidence fresh{};          ///< what `drain` has not given out yet
    bool alarm_is_fresh = false;
  };
  /// By the class's name (`route NAME`, `tenant NAME`, `all`) and bin.
  using account_key = std::pair<std::string, bin>;
  [[nodiscard]] const std::map<account_key, account>& accounts() const noexcept { return accounts_; }

  /// What was seen since the last time, to be kept and shared with others: additive.
  struct news {
    evidence seen;             ///< since the last alarm
    std::uint64_t alarms = 0;  ///< that there were in all
    bool alarmed = false;      ///< one of them is news
  };
  [[nodiscard]] std::map<account_key, news> drain();

  /// What all that share it have seen, old evidence faded, and how many labels that were: in place of what is known of
  /// that account, but for what was not drained yet.
  struct common {
    evidence seen;
    double labels = 0;
    std::uint64_t alarms = 0;
  };
  void take_in(const account_key& of, const common& all);

 private:
  [[nodiscard]] account& at(const std::string& name, bin where);
  void raise_alarm(account& one, std::uint64_t alarms);
  [[nodiscard]] const account* find(const std::string& name, bin where) const;
  [[nodiscard]] const account* deciding(const request_class& whose, bin where) const;
  void label_one(account& one, const account* wider, double score, bool different);
  void look(account& one, const account* wider);

  learner_options options_;
  std::map<account_key, account> accounts_;
};

}  // namespace refrain::semantic
