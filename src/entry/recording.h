#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "entry/entry.h"
#include "net/signal.h"

namespace refrain::entry {

/// The memory that all recordings in progress share. Any thread.
class fill_budget {
 public:
  explicit fill_budget(base::byte_count most) : most_(most.value) {}

  /// False where it would go over the bound.
  [[nodiscard]] bool take(std::uint64_t bytes) noexcept;
  void give(std::uint64_t bytes) noexcept { taken_.fetch_sub(bytes, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t taken() const noexcept { return taken_.load(std::memory_order_relaxed); }

 private:
  std::uint64_t most_;
  std::atomic<std::uint64_t> taken_{0};
};

/// The head of an answer: what of it goes to clients.
struct answer_head {
  int status = 0;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> fields;  ///< end-to-end ones, without those of framing and type
  std::optional<std::uint64_t> length;                      ///< where the upstream declared it
};

/// An answer as it arrives from upstream: one writer, many readers, each at its own pace and on its own loop. The bytes
/// are kept once and shared. While it may still be stored all of them stay; once it may not, bytes that every reader
/// has passed are dropped, and the writer waits for the slowest. Any thread, but each reader is one coroutine's.
class recording : public std::enable_shared_from_this<recording> {
 public:
  /// How far the writer runs ahead of the slowest reader of a recording that is not kept.
  static constexpr std::uint64_t window = 256 << 10;
  /// A stream of more events that a replay must know of is not kept.
  static constexpr std::size_t most_marks = 1 << 16;

  recording(fill_budget& budget, std::uint64_t most_bytes, bool keep);
  ~recording();
  recording(const recording&) = delete;
  recording& operator=(const recording&) = delete;

  class reader;

  // The writer's side.

  void begin(answer_head head);
  /// Adds bytes. `whole`: how many bytes from the start are complete events. A recording that outgrows its cap or the
  /// shared budget is kept no longer.
  void append(base::slice bytes, std::uint64_t whole, std::vector<mark> new_marks);
  /// Adds the last bytes, for `body()` to have; readers get them with `complete`.
  void append_last(base::slice bytes, std::vector<mark> new_marks);
  void complete();
  void fail(base::error why);
  /// Waits until the slowest reader is near, where the bytes are not kept; false once nobody reads.
  [[nodiscard]] net::task<bool> await_room();
  /// All bytes of a recording that was kept to its end, in one piece, which takes the place of the pieces: a replay is
  /// then one write. Nothing where the bytes are kept no longer, or the shared memory has no room for the copy.
  [[nodiscard]] std::optional<base::slice> join_pieces();
  /// All bytes, of a recording that was kept to its end.
  [[nodiscard]] std::vector<base::slice> body() const;
  [[nodiscard]] std::uint64_t size() const;

  /// Called each time that the last reader leaves before the end; by that reader's thread.
  void on_detached(std::function<void()> call);
  [[nodiscard]] bool is_read() const;

  // The readers' side.

  /// A reader from byte 0; nullptr where the beginning is gone already.
  [[nodiscard]] std::shared_ptr<reader> join();
  [[nodiscard]] bool kept() const;
  [[nodiscard]] bool is_complete() const;

 private:
  enum class phase : std::uint8_t { waiting, streaming, complete, failed };

  void add(base::slice bytes, std::vector<mark> new_marks);
  void drop_passed();
  void stop_keeping();
  [[nodiscard]] std::uint64_t slowest() const;
  void leave(const reader& one);

  fill_budget& budget_;
  const std::uint64_t most_bytes_;
  mutable std::mutex mutex_;
  // All below: guarded by mutex_.
  bool keep_;
  phase phase_ = phase::waiting;
  std::optional<answer_head> head_;
  base::error failure_;
  std::vector<std::pair<std::uint64_t, base::slice>> slices_;  ///< by their offset
  std::uint64_t size_ = 0;
  std::uint64_t shown_ = 0;  ///< readers may have so many: all but what `append_last` added, until `complete`
  std::uint64_t whole_ = 0;  ///< complete events among them
  std::uint64_t held_ = 0;   ///< bytes taken from the budget
  std::vector<mark> marks_;
  std::size_t marks_dropped_ = 0;  ///< of those before, which all readers have passed
  std::vector<const reader*> readers_;
  std::function<void()> detached_;
  // Not guarded: it guards itself.
  net::signal changed_;
};

/// One client's way through a recording.
class recording::reader {
 public:
  reader(std::shared_ptr<recording> from) : from_(std::move(from)) {}
  ~reader() { leave(); }
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  /// Waits for the head; the error where the upstream gave none, errc::cancelled after `leave`.
  [[nodiscard]] net::task<base::result<const answer_head*>> head();

  /// Waits for the end, without reading: true where all bytes are kept then, false as soon as they are kept no longer
  /// and have to be read as they come. Fails as `next` does.
  [[nodiscard]] net::task<base::result<bool>> whole();

  /// The next bytes; empty at the end. `skip_usage`: whole events only, and none of usage.
  [[nodiscard]] net::task<base::result<base::slice>> next(bool skip_usage);

  /// The same without waiting: nothing where nothing has arrived since.
  [[nodiscard]] std::optional<base::result<base::slice>> poll(bool skip_usage);

  /// Wants no more: a wait under way ends with errc::cancelled. On the reader's thread. Safe to repeat.
  void leave();

 private:
  friend class recording;

  [[nodiscard]] std::optional<base::result<base::slice>> take(bool skip_usage);

  std::shared_ptr<recording> from_;
  std::uint64_t at_ = 0;  ///< guarded by the recording's mutex
  std::size_t mark_ = 0;  ///< of all marks, the first that may lie ahead; guarded by it too
  bool gone_ = false;
};

}  // namespace refrain::entry
