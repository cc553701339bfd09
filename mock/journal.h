#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "mock/call.h"
#include "mock/server.h"

namespace refrain::mock {

/// What the server has seen: the counters, and the last request. Any thread.
class journal {
 public:
  /// How much of a body is kept, in bytes.
  static constexpr std::size_t kept_body = std::size_t{1} << 20U;

  /// `run` tells this server's ids from another's.
  explicit journal(std::uint64_t run) : run_(run) {}

  /// A call being answered: counted when made, no longer in flight when gone.
  class entry {
   public:
    entry(journal& book, const call& asked) : book_(book) { book_.begin(asked); }
    ~entry() { book_.count(&tally::in_flight, -1); }
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

   private:
    journal& book_;
  };

  /// Numbers a call, from 1 on; `reset` does not start again.
  [[nodiscard]] std::uint64_t next_number();
  [[nodiscard]] std::uint64_t run() const noexcept { return run_; }

  /// Adds to one of the counters.
  void count(std::uint64_t tally::* what, std::int64_t by = 1);
  /// Keeps a request for /__mock/last-request: of its body the first MiB, and its length.
  void keep(const call& asked, std::uint64_t body_bytes);

  [[nodiscard]] tally counters() const;
  /// Zeroes the counters, save the calls in flight, and forgets the last request.
  void reset();

  /// The answers of /__mock/calls, /__mock/last-request and POST /__mock/reset; nothing for other paths. These calls
  /// are not counted.
  [[nodiscard]] std::optional<answer> answer_control(const call& asked);

 private:
  void begin(const call& asked);
  [[nodiscard]] answer calls_as_json() const;
  [[nodiscard]] answer last_as_json() const;

  const std::uint64_t run_;
  mutable std::mutex guard_;
  std::uint64_t numbered_ = 0;
  tally tally_;
  std::optional<call> last_;
  std::uint64_t last_body_bytes_ = 0;
};

}  // namespace refrain::mock
