#include "entry/recording.h"

#include <algorithm>

namespace refrain::entry {

using base::errc;

bool fill_budget::take(std::uint64_t bytes) noexcept {
  if (taken_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= most_) return true;
  give(bytes);
  return false;
}

recording::recording(fill_budget& budget, std::uint64_t most_bytes, bool keep)
    : budget_(budget), most_bytes_(most_bytes), keep_(keep) {}

recording::~recording() { budget_.give(held_); }

void recording::begin(answer_head head) {
  {
    const std::lock_guard guard{mutex_};
    head_ = std::move(head);
    phase_ = phase::streaming;
  }
  changed_.raise();
}

void recording::append(base::slice bytes, std::uint64_t whole, std::vector<mark> new_marks) {
  {
    const std::lock_guard guard{mutex_};
    add(std::move(bytes), std::move(new_marks));
    whole_ = whole;
    shown_ = size_;
    if (!keep_) drop_passed();
  }
  changed_.raise();
}

void recording::append_last(base::slice bytes, std::vector<mark> new_marks) {
  const std::lock_guard guard{mutex_};
  add(std::move(bytes), std::move(new_marks));
}

void recording::add(base::slice bytes, std::vector<mark> new_marks) {
  const auto count = bytes.size();
  if (keep_ && (size_ + count > most_bytes_ || !budget_.take(count))) stop_keeping();
  if (keep_) held_ += count;
  slices_.emplace_back(size_, std::move(bytes));
  size_ += count;
  marks_.insert(marks_.end(), new_marks.begin(), new_marks.end());
  if (keep_ && marks_.size() > most_marks) stop_keeping();
}

void recording::complete() {
  {
    const std::lock_guard guard{mutex_};
    whole_ = size_;
    shown_ = size_;
    phase_ = phase::complete;
    detached_ = nullptr;
  }
  changed_.raise();
}

void recording::fail(base::error why) {
  {
    const std::lock_guard guard{mutex_};
    failure_ = std::move(why);
    phase_ = phase::failed;
    detached_ = nullptr;
  }
  changed_.raise();
}

net::task<bool> recording::await_room() {
  while (true) {
    const auto seen = changed_.version();
    {
      const std::lock_guard guard{mutex_};
      if (keep_) co_return true;
      if (readers_.empty()) co_return false;
      if (size_ - slowest() < window) co_return true;
    }
    co_await changed_.wait_past(seen);
  }
}

std::optional<base::slice> recording::join_pieces() {
  // Nobody but the writer, whose call this is, changes the pieces of a recording that is kept.
  if (!kept()) return std::nullopt;
  const auto pieces = body();
  if (pieces.empty()) return base::slice{};
  if (pieces.size() == 1) return pieces.front();
  const auto whole = size();
  if (!budget_.take(whole)) return std::nullopt;
  std::string joined;
  joined.reserve(whole);
  for (const auto& one : pieces) joined.append(one.view());
  base::slice all{std::move(joined)};
  {
    const std::lock_guard guard{mutex_};
    slices_.assign(1, {0, all});
  }
  budget_.give(whole);
  return all;
}

std::vector<base::slice> recording::body() const {
  const std::lock_guard guard{mutex_};
  std::vector<base::slice> all;
  all.reserve(slices_.size());
  for (const auto& [offset, bytes] : slices_) all.push_back(bytes);
  return all;
}

std::uint64_t recording::size() const {
  const std::lock_guard guard{mutex_};
  return size_;
}

void recording::on_detached(std::function<void()> call) {
  const std::lock_guard guard{mutex_};
  detached_ = std::move(call);
}

bool recording::is_read() const {
  const std::lock_guard guard{mutex_};
  return !readers_.empty();
}

std::shared_ptr<recording::reader> recording::join() {
  auto one = std::make_shared<reader>(shared_from_this());
  const std::lock_guard guard{mutex_};
  if (!keep_ && size_ > 0) {
    one->gone_ = true;
    return nullptr;
  }
  readers_.push_back(one.get());
  return one;
}

bool recording::kept() const {
  const std::lock_guard guard{mutex_};
  return keep_;
}

bool recording::is_complete() const {
  const std::lock_guard guard{mutex_};
  return phase_ == phase::complete;
}

void recording::stop_keeping() {
  keep_ = false;
  budget_.give(held_);
  held_ = 0;
}

std::uint64_t recording::slowest() const {
  std::uint64_t least = size_;
  for (const auto* one : readers_) least = std::min(least, one->at_);
  return least;
}

void recording::drop_passed() {
  const auto passed = slowest();
  const auto first_needed =
      std::ranges::find_if(slices_, [passed](const auto& piece) { return piece.first + piece.second.size() > passed; });
  slices_.erase(slices_.begin(), first_needed);
  const auto first_ahead =
      std::ranges::find_if(marks_, [passed](const mark& one) { return one.offset + one.length > passed; });
  const auto behind = first_ahead - marks_.begin();
  // To move those that stay costs as much as there are of them.
  if (static_cast<std::size_t>(behind) * 2 < marks_.size()) return;
  marks_.erase(marks_.begin(), first_ahead);
  marks_dropped_ += static_cast<std::size_t>(behind);
}

void recording::leave(const reader& one) {
  std::function<void()> call;
  {
    const std::lock_guard guard{mutex_};
    std::erase(readers_, &one);
    if (!keep_) drop_passed();
    if (readers_.empty()) call = detached_;
  }
  changed_.raise();
  if (call) call();
}

net::task<base::result<const answer_head*>> recording::reader::head() {
  while (true) {
    const auto seen = from_->changed_.version();
    {
      const std::lock_guard guard{from_->mutex_};
      if (gone_) co_return base::fail(errc::cancelled, "the client has gone");
      if (from_->head_) co_return &*from_->head_;
      if (from_->phase_ == phase::failed) co_return base::fail(from_->failure_);
    }
    co_await from_->changed_.wait_past(seen);
  }
}

net::task<base::result<bool>> recording::reader::whole() {
  while (true) {
    const auto seen = from_->changed_.version();
    {
      const std::lock_guard guard{from_->mutex_};
      if (gone_) co_return base::fail(errc::cancelled, "the client has gone");
      if (from_->phase_ == phase::failed) co_return base::fail(from_->failure_);
      if (!from_->keep_) co_return false;
      if (from_->phase_ == phase::complete) co_return true;
    }
    co_await from_->changed_.wait_past(seen);
  }
}

net::task<base::result<base::slice>> recording::reader::next(bool skip_usage) {
  while (true) {
    const auto seen = from_->changed_.version();
    if (auto found = poll(skip_usage)) co_return std::move(*found);
    co_await from_->changed_.wait_past(seen);
  }
}

std::optional<base::result<base::slice>> recording::reader::poll(bool skip_usage) {
  auto found = take(skip_usage);
  // A writer that waits for the slowest reader wants to know that one has moved.
  if (found && !from_->kept()) from_->changed_.raise();
  return found;
}

std::optional<base::result<base::slice>> recording::reader::take(bool skip_usage) {
  const std::lock_guard guard{from_->mutex_};
  if (gone_) return base::fail(errc::cancelled, "the client has gone");
  auto limit = skip_usage ? from_->whole_ : from_->shown_;
  if (skip_usage) {
    for (mark_ = std::max(mark_, from_->marks_dropped_); mark_ < from_->marks_dropped_ + from_->marks_.size();
         ++mark_) {
      const auto& one = from_->marks_[mark_ - from_->marks_dropped_];
      if (one.what != mark::kind::usage) continue;
      if (at_ == one.offset) at_ += one.length;
      if (at_ < one.offset) {
        limit = std::min(limit, one.offset);
        break;
      }
    }
  }
  if (at_ >= limit) {
    if (from_->phase_ == phase::failed) return base::fail(from_->failure_);
    if (from_->phase_ == phase::complete) return base::slice{};
    return std::nullopt;
  }
  const auto after = std::ranges::upper_bound(from_->slices_, at_, {}, [](const auto& piece) { return piece.first; });
  const auto& [offset, bytes] = *std::prev(after);
  auto piece = bytes.part(at_ - offset, limit - at_);
  at_ += piece.size();
  return piece;
}

void recording::reader::leave() {
  if (gone_) return;
  {
    const std::lock_guard guard{from_->mutex_};
    gone_ = true;
  }
  from_->leave(*this);
}

}  // namespace refrain::entry
