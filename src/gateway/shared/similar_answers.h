#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cache/purge.h"
#include "encoder/text_encoder.h"
#include "entry/store.h"
#include "net/async.h"
#include "semantic/index.h"
#include "semantic/judge.h"
#include "semantic/matcher.h"

namespace refrain::gateway {

/// What all requests share to find the answers of similar questions: the encoder, the index of stored questions, what
/// was learned. The index hears of each entry that is stored. Any thread. Outlives the store, and the loops' coroutines
/// that ask it.
class similar_answers final : public entry::store_observer {
 public:
  struct options {
    semantic::matcher_options matching;
    semantic::index_options indexing;
    bool only_latin = true;  ///< the encoder reads English
  };
  similar_answers(std::unique_ptr<encoder::text_encoder> reads, const base::clock& clock, options how);
  ~similar_answers() override;

  void on_stored(const entry::entry_ptr& fresh) override { add(fresh->about); }
  /// Takes a stored question into the index, where it was read by this encoder.
  void add(const entry::meta& about);

  /// Forgets what a purge since the last time has killed; `expired`: and what is past its time.
  void drop_dead(const cache::purge_book& purges, bool expired);

  /// Why a text is not to be matched; `served` where it is.
  [[nodiscard]] semantic::reason judge_text(const semantic::reading& text) const noexcept {
    return semantic::judge_text(text, only_latin_);
  }
  [[nodiscard]] net::task<semantic::finding> find(semantic::question asked, base::digest256 own);
  /// A text's vector; nullptr where the encoder is too busy, or fails.
  [[nodiscard]] net::task<encoder::vector_ptr> encode(std::string text);

  /// Has a text encoded that nobody waits for yet.
  void prepare(const std::string& text);

  /// What an entry is to be found by, from then on, but for its vector.
  [[nodiscard]] entry::semantic_record describe(const semantic::question& asked) const;
  /// Adds the vector, where it has been made by now. Where not, it is made once the entry is stored.
  void complete(entry::semantic_record& record) const;

  /// Whether a fresh answer says the same as a stored one, by what is usual for answers of a route.
  [[nodiscard]] semantic::judgement judge(const std::string& route, std::string_view stored, std::string_view fresh,
                                          std::optional<double> cosine);

  [[nodiscard]] semantic::matcher& matcher() noexcept { return matcher_; }
  [[nodiscard]] semantic::index& stored() noexcept { return stored_; }

 private:
  const std::uint64_t encoder_id_;
  const bool only_latin_;
  const base::clock& clock_;
  std::atomic<std::uint64_t> purges_seen_{0};  ///< the number of the last
  semantic::index stored_;
  std::unique_ptr<encoder::text_encoder> encoder_;
  semantic::matcher matcher_;
  std::mutex mutex_;
  std::map<std::string, semantic::answer_norms> norms_;  ///< by route. Guarded by mutex_
};

}  // namespace refrain::gateway
