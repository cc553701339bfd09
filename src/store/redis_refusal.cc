#include "store/redis_refusal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "redis/faults.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using redis::fault;

constexpr std::chrono::seconds longest_pause = 30s;
constexpr std::chrono::seconds first_hold = 60s;
constexpr std::chrono::seconds longest_hold = 30min;
/// A smaller command is too large for no server.
constexpr std::uint64_t least_large = 256ull << 10;

enum class extent : std::uint8_t { this_one, some, large, all };

/// Which other writes a refusal concerns.
extent extent_of(const redis::said& why) noexcept {
  switch (why.what) {
    case fault::too_large: return extent::large;
    case fault::moved:
    case fault::cross_slot: return extent::some;
    case fault::wrong_type:
    case fault::ask:
    case fault::try_again:
    // The connection's own matter: the server is away for reads too.
    case fault::loading:
    case fault::busy:
    case fault::primary_away:
    case fault::cluster_down: return extent::this_one;
    default: return extent::all;
  }
}

/// Whether a server that says so takes nobody's writes, whatever they are.
bool is_of_server(const redis::said& why) noexcept {
  return why.next == redis::remedy::pause_writes || why.what == fault::read_only;
}

}  // namespace

void redis_refusal::refused(std::string_view reply, std::uint64_t bytes, bool of_entry, base::steady_time now) {
  const auto why = redis::judge_error(reply);
  if (!of_entry && !is_of_server(why)) return;
  switch (extent_of(why)) {
    case extent::this_one: return;
    case extent::large: return refuse_large(redis::sentence_for(reply), bytes, now);
    case extent::some:
      some_ = redis::sentence_for(reply);
      until_ = now + first_hold;
      return;
    case extent::all:
      all_ = redis::sentence_for(reply);
      by_entry_ = by_entry_ || of_entry;
      pause_ = std::clamp(pause_ * 2, std::chrono::seconds{1}, longest_pause);
      from_ = now + pause_;
  }
}

void redis_refusal::refuse_large(std::string sentence, std::uint64_t bytes, base::steady_time now) {
  too_large_ = too_large_ == 0 ? bytes : std::min(too_large_, bytes);
  some_ = std::move(sentence);
  hold_ = std::clamp(hold_ * 2, first_hold, longest_hold);
  until_ = now + hold_;
}

void redis_refusal::ended(std::uint64_t bytes, std::uint64_t time, base::steady_time now) {
  constexpr std::uint64_t by_chance = 1;
  if (bytes < least_large || time == ended_at_) return;
  ended_at_ = time;
  if (++ends_ <= by_chance) return;
  refuse_large(fmt::format("Redis ends the connection at a write of {}: raise its client-query-buffer-limit and "
                           "proto-max-bulk-len, or lower cache.max_entry",
                           base::to_string(base::byte_count{bytes})),
               bytes, now);
}

void redis_refusal::went_well(std::uint64_t bytes, bool of_entry) {
  if (of_entry || !by_entry_) {
    all_.clear();
    by_entry_ = false;
    pause_ = 0s;
    from_ = {};
  }
  if (bytes >= least_large) ends_ = 0;
  if (too_large_ == 0 || bytes < too_large_) return;
  too_large_ = 0;
  hold_ = 0s;
  until_ = {};
}

void redis_refusal::servers_changed() {
  if (too_large_ == 0) until_ = {};
}

bool redis_refusal::allows(std::uint64_t bytes, base::steady_time now) const noexcept {
  if (!all_.empty() && now < from_) return false;
  return too_large_ == 0 || bytes < too_large_ || now >= until_;
}

std::string redis_refusal::text(base::steady_time now) const {
  if (!all_.empty()) return all_;
  return now < until_ ? some_ : std::string{};
}

}  // namespace refrain::store
