#include "semantic/matcher.h"

#include <algorithm>
#include <set>

#include "semantic/kept_evidence.h"

namespace refrain::semantic {
namespace {

using config::semantic_mode;

constexpr std::size_t most_candidates = 8;
/// Below this nothing means the same: half of the true rewordings lie under 0.78, all above 0.5.
constexpr double least_cosine = 0.5;
/// Of the words that two questions have, so many are common: a text built to lie near another shares none.
constexpr double least_overlap = 0.2;
constexpr std::size_t most_hits_remembered = 10'000;

bool shares_words(const reading& one, const reading& other) {
  const std::set<std::string_view> first(one.content.begin(), one.content.end());
  const std::set<std::string_view> second(other.content.begin(), other.content.end());
  const auto common = std::ranges::count_if(first, [&](auto word) { return second.contains(word); });
  const auto all = first.size() + second.size() - static_cast<std::size_t>(common);
  return common > 0 && static_cast<double>(common) >= least_overlap * static_cast<double>(all);
}

/// Evidence by cosine says nothing of the pair scorer's probability, and the other way round.
request_class class_of(const question& asked, const candidate& stored) {
  auto whose = asked.whose;
  whose.measure = stored.probability ? "pair" : "cosine";
  return whose;
}

reason reason_of(verdict what) noexcept {
  switch (what) {
    case verdict::serve: return reason::served;
    case verdict::explore: return reason::explored;
    case verdict::no_evidence: return reason::no_evidence;
    case verdict::below: return reason::below;
    case verdict::alarm: return reason::alarm;
  }
  return reason::no_evidence;
}

}  // namespace

matcher::matcher(encoder::text_encoder& encoder, index& stored, const base::clock& clock, matcher_options options)
    : encoder_(encoder), stored_(stored), clock_(clock), options_(std::move(options)), learner_(options_.learning) {}

std::optional<reason> matcher::hopeless(const question& asked) const {
  if (asked.mode == semantic_mode::off || asked.mode == semantic_mode::observe) return reason::observed;
  if (!stored_.has(asked.partition)) return reason::no_candidate;
  if (asked.mode == semantic_mode::threshold) return std::nullopt;
  const std::lock_guard guard{mutex_};
  return learner_.could_serve(asked.whose) ? std::nullopt : std::optional{reason::no_evidence};
}

void matcher::find(question asked, base::digest256 own, std::function<void(finding)> done) {
  auto text = asked.text;
  encoder_.encode(std::move(text), [this, asked = std::move(asked), own, done = std::move(done)](auto vector) {
    finding made;
    if (vector) {
      made = conclude(asked, own, *std::move(vector));
    } else {
      const auto code = vector.error().code;
      made.why = code == base::errc::overloaded ? reason::busy : reason::failed;
    }
    count(made.why);
    done(std::move(made));
  });
}

finding matcher::conclude(const question& asked, const base::digest256& own, encoder::vector_ptr vector) {
  finding made{.why = reason::no_candidate, .nearest = {}, .vector = std::move(vector)};
  auto all = candidates(asked, own, *made.vector);
  if (all.empty()) return made;
  if (!all.front().guards.may_answer()) {
    made.why = reason::guarded;
    made.nearest = std::move(all.front());
    return made;
  }
  score(asked, all);
  made.nearest = std::ranges::max(all, {}, &candidate::score);
  made.why = decide(asked, *made.nearest);
  return made;
}

/// Those that no guard speaks against; if there are none, the nearest alone.
std::vector<candidate> matcher::candidates(const question& asked, const base::digest256& own,
                                           const std::vector<float>& vector) const {
  const auto& text = *asked.words;
  std::vector<candidate> good;
  std::optional<candidate> barred;
  for (auto& [stored, cosine] : stored_.nearest(asked.partition, vector, most_candidates + 1, clock_.seconds())) {
    if (cosine < least_cosine || stored->entry == own) continue;
    const auto other = read(stored->text);
    candidate one{.stored = stored, .cosine = cosine, .probability = {}, .guards = compare(text, other)};
    if (one.guards.may_answer() && !shares_words(text, other)) one.guards.why = veto::words;
    if (one.guards.may_answer()) {
      good.push_back(std::move(one));
    } else if (!barred) {
      barred = std::move(one);
    }
  }
  if (good.empty() && barred) good.push_back(*std::move(barred));
  return good;
}

void matcher::score(const question& asked, std::vector<candidate>& all) {
  if (options_.scorer == nullptr) return;
  std::vector<encoder::pair_scorer::pair> pairs;
  for (const auto& one : all) pairs.emplace_back(asked.text, one.stored->text);
  thread_local encoder::workspace room;
  const auto probabilities = options_.scorer->score(pairs, room);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].probability = probabilities[i];
}

reason matcher::decide(const question& asked, const candidate& best) {
  const std::lock_guard guard{mutex_};
  const auto what = learner_.decide(class_of(asked, best), best.guards.where, best.score(), options_.draw());
  auto why = reason_of(what);
  if (asked.mode == semantic_mode::threshold) why = reason::served;
  if (best.cosine < asked.least_similarity) return reason::unlike;
  if (why != reason::served) return why;
  if (standing_.is_quarantined(best.stored->entry, best.score())) return reason::quarantined;
  if (best.stored->contributor != asked.contributor && !standing_.is_confirmed(best.stored->entry)) {
    return reason::untrusted;
  }
  if (asked.mode == semantic_mode::observe) return reason::observed;
  remember_hit(asked, best);
  return why;
}

void matcher::remember_hit(const question& asked, const candidate& best) {
  const auto& entry = best.stored->entry;
  if (hits_.insert_or_assign(entry, served_hit{asked, best}).second) order_.push_back(entry);
  if (order_.size() > most_hits_remembered) {
    hits_.erase(order_.front());
    order_.pop_front();
  }
}

void matcher::count(reason why) {
  const std::lock_guard guard{mutex_};
  ++counts_[static_cast<std::size_t>(why)];
}

void matcher::learn(const question& asked, const candidate& lesson, bool different) {
  const std::lock_guard guard{mutex_};
  learner_.label(class_of(asked, lesson), lesson.guards.where, lesson.score(), different);
  standing_.label(lesson.stored->entry, asked.contributor, lesson.score(), different);
}

bool matcher::report(const base::digest256& entry, bool different) {
  std::optional<served_hit> hit;
  {
    const std::lock_guard guard{mutex_};
    const auto known = hits_.find(entry);
    if (known == hits_.end()) return false;
    hit = known->second;
  }
  learn(hit->asked, hit->stored, different);
  return true;
}

void matcher::show(const std::function<void(const learner&, std::size_t quarantined)>& look) const {
  const std::lock_guard guard{mutex_};
  look(learner_, standing_.quarantined());
}

entry::counter_deltas matcher::drain(std::int64_t today) {
  const std::lock_guard guard{mutex_};
  return to_counters(learner_.drain(), today);
}

void matcher::take_in(const entry::counter_deltas& kept, std::int64_t today) {
  const std::lock_guard guard{mutex_};
  semantic::take_in(learner_, kept, today);
}

reason_counts matcher::counted() const {
  const std::lock_guard guard{mutex_};
  return counts_;
}

}  // namespace refrain::semantic
