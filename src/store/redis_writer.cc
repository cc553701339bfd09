#include "store/redis_writer.h"

#include <algorithm>

#include "redis/faults.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

/// What may wait to be written (docs/reliability.md, Redis).
constexpr std::uint64_t most_queued = 64ull << 20;
constexpr auto flush_timeout = 5s;
constexpr std::chrono::seconds longest_pause = 30s;

/// Whether a server that says so takes no writes for now: full, unable to save, a replica.
bool takes_no_writes(const redis::said& why) {
  return why.next == redis::remedy::pause_writes || why.what == redis::fault::read_only;
}

}  // namespace

void redis_writer::enqueue(std::uint64_t bytes, entry::entry_ptr pending, maker made) {
  {
    const std::lock_guard guard{mutex_};
    const bool paused = pause_ > 0s && options_.clock->steady() < from_;
    if (!watch_.is_up() || paused || queued_bytes_ + bytes > most_queued) return drop();
    queued_bytes_ += bytes;
    ++queued_;
    if (pending) pending_[pending->about.id.digest] = pending;
  }
  net::spawn(servers_.home().get_executor(), write(this, std::move(made), std::move(pending), bytes));
}

void redis_writer::send(redis::commands request) {
  const auto bytes = request.wire().size();
  enqueue(bytes, nullptr, [request = std::move(request)]() mutable { return std::move(request); });
}

void redis_writer::send(entry::entry_ptr fresh, maker made) {
  const auto bytes = fresh->memory();
  enqueue(bytes, std::move(fresh), std::move(made));
}

net::task<> redis_writer::write(redis_writer* self, maker made, entry::entry_ptr pending, std::uint64_t bytes) {
  auto request = made();
  const auto said = co_await self->servers_.call(redis::use::write, std::move(request));

  const std::lock_guard guard{self->mutex_};
  self->judge(said);
  if (pending) {
    const auto at = self->pending_.find(pending->about.id.digest);
    if (at != self->pending_.end() && at->second == pending) self->pending_.erase(at);
  }
  self->queued_bytes_ -= bytes;
  --self->queued_;
  self->answered_.notify_all();
}

void redis_writer::judge(const redis::replies& said) {
  if (!said) return drop();
  const auto bad = std::ranges::find(*said, redis::reply_kind::error, &redis::reply::kind);
  if (bad == said->end()) {
    pause_ = 0s;
    refusal_ = {};
    return;
  }
  drop();
  const auto& why = redis::judge_error(bad->text);
  if (!takes_no_writes(why)) return;
  refusal_ = why.sentence;
  pause_ = std::clamp(pause_ * 2, std::chrono::seconds{1}, longest_pause);
  from_ = options_.clock->steady() + pause_;
}

entry::entry_ptr redis_writer::waiting(const base::digest256& digest) const {
  const std::lock_guard guard{mutex_};
  const auto at = pending_.find(digest);
  return at == pending_.end() ? nullptr : at->second;
}

std::string redis_writer::refusal() const {
  const std::lock_guard guard{mutex_};
  return options_.clock->steady() < from_ ? std::string{refusal_} : std::string{};
}

void redis_writer::flush() {
  std::unique_lock guard{mutex_};
  answered_.wait_for(guard, flush_timeout, [this] { return queued_ == 0; });
}

}  // namespace refrain::store
