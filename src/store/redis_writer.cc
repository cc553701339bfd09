#include "store/redis_writer.h"

#include <utility>

#include "base/log.h"
#include "redis/redirect.h"
#include "redis/write_answer.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

/// What may wait to be written (docs/reliability.md, Redis).
constexpr std::uint64_t most_queued = 64ull << 20;
constexpr auto flush_timeout = 5s;

/// Connections in a row that ended at a trial.
constexpr unsigned ends_that_are_no_chance = 2;
constexpr std::string_view begin = "*1\r\n$5\r\nMULTI\r\n";

redis::commands trial(const std::string& key) {
  redis::commands all{"DEL", key};
  all.add({"HSET", key, "meta", "trial"}).add({"PEXPIRE", key, "10000"}).add({"DEL", key});
  return all;
}

}  // namespace

bool redis_writer::enqueue(std::uint64_t bytes, entry::entry_ptr pending, maker made) {
  {
    const std::lock_guard guard{mutex_};
    const bool allowed = refusal_.allows(bytes, options_.clock->steady());
    if (!watch_.is_up() || !allowed || queued_bytes_ + bytes > most_queued) {
      drop();
      return false;
    }
    queued_bytes_ += bytes;
    ++queued_;
    if (pending) pending_[pending->about.id.digest] = pending;
  }
  net::spawn(servers_.home().get_executor(), write(this, std::move(made), std::move(pending), bytes));
  return true;
}

void redis_writer::send(redis::commands request) {
  const auto bytes = request.wire().size();
  (void)enqueue(bytes, nullptr, [request = std::move(request)]() mutable { return std::move(request); });
}

bool redis_writer::send(entry::entry_ptr fresh, maker made) {
  const auto bytes = fresh->memory();
  return enqueue(bytes, std::move(fresh), std::move(made));
}

redis::commands redis_writer::at_once(redis::commands all) const {
  if (all.count() < 2 || !in_transactions()) return all;
  redis::commands whole{"MULTI"};
  return whole.append(all).add({"EXEC"});
}

net::task<> redis_writer::write(redis_writer* self, maker made, entry::entry_ptr pending, std::uint64_t bytes) {
  auto request = made();
  const writing what{.bytes = bytes,
                     .transaction = request.wire().starts_with(begin),
                     .of_entry = pending != nullptr,
                     .coming = self->watch_.comings()};
  const auto said = co_await self->servers_.call(redis::use::write, std::move(request));

  const std::lock_guard guard{self->mutex_};
  if (!self->judge(said, what)) self->drop();
  if (pending) {
    const auto at = self->pending_.find(pending->about.id.digest);
    if (at != self->pending_.end() && at->second == pending) self->pending_.erase(at);
  }
  self->queued_bytes_ -= bytes;
  --self->queued_;
  self->answered_.notify_all();
}

net::task<> redis_writer::try_out(redis_writer* self, std::string key) {
  // A proxy may end the connection at a command that it does not know.
  const bool one_by_one = self->trials_ended_ >= ends_that_are_no_chance;
  auto request = one_by_one ? trial(key) : self->at_once(trial(key));
  const writing what{.bytes = request.wire().size(),
                     .transaction = request.wire().starts_with(begin),
                     .of_entry = true,
                     .coming = self->watch_.comings()};
  const auto said = co_await self->servers_.call(redis::use::bulk, std::move(request));
  if (!said) {
    if (said.error().code == base::errc::closed && what.transaction) ++self->trials_ended_;
    co_return;
  }
  self->trials_ended_ = 0;
  if (one_by_one && redis::read_write_answer(*said, false).refusal == nullptr) self->plain_ = true;
  const std::lock_guard guard{self->mutex_};
  (void)self->judge(said, what);
}

bool redis_writer::judge(const redis::replies& said, const writing& what) {
  const auto now = options_.clock->steady();
  bool done = false;
  look_at_servers();
  if (!said) {
    const bool ended = said.error().code == base::errc::closed;
    if (ended && what.of_entry) refusal_.ended(what.bytes, what.coming, now);
  } else if (const auto told = redis::read_write_answer(*said, what.transaction); told.refusal == nullptr) {
    if (told.knows_no_transactions) plain_ = true;
    refusal_.went_well(what.bytes, what.of_entry);
    done = true;
  } else if (what.coming == seen_comings_ || !redis::find_redirect(*said)) {
    refusal_.refused(told.refusal->text, what.bytes, what.of_entry, now);
  }
  log_change();
  return done;
}

void redis_writer::look_at_servers() {
  if (std::exchange(seen_comings_, watch_.comings()) != watch_.comings()) refusal_.servers_changed();
}

/// One line where writes begin to be refused, and one where they go well again.
void redis_writer::log_change() {
  auto text = refusal_.text(options_.clock->steady());
  if (text == logged_ || !lines_.allows(std::chrono::steady_clock::now())) return;
  if (text.empty()) {
    base::log_info("Redis at {} takes writes again", watch_.location());
  } else {
    base::log_warning("Redis at {} does not take all writes: {}; what it refuses is not shared", watch_.location(),
                      text);
  }
  logged_ = std::move(text);
}

entry::entry_ptr redis_writer::waiting(const base::digest256& digest) const {
  const std::lock_guard guard{mutex_};
  const auto at = pending_.find(digest);
  return at == pending_.end() ? nullptr : at->second;
}

std::string redis_writer::refusal() const {
  const std::lock_guard guard{mutex_};
  return refusal_.text(options_.clock->steady());
}

bool redis_writer::wants_trial() {
  const std::lock_guard guard{mutex_};
  look_at_servers();
  log_change();
  return refusal_.wants_trial(options_.clock->steady());
}

void redis_writer::flush() {
  std::unique_lock guard{mutex_};
  answered_.wait_for(guard, flush_timeout, [this] { return queued_ == 0; });
}

}  // namespace refrain::store
