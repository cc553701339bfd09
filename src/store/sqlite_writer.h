#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "store/options.h"
#include "store/purge_log.h"
#include "store/sqlite_file.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_tables.h"
#include "store/write_queue.h"

namespace refrain::store {

/// The one thread of a process that writes to the store's file: batches of orders, each one transaction, and between
/// them the upkeep (purge records of other processes, sweeps, expiry, size). What goes wrong here ends here: a corrupt
/// file is moved aside and begun anew; a full or failing disk takes the store down, and it is tried again each 30 s.
class sqlite_writer {
 public:
  sqlite_writer(std::string path, opened_file file, const store_options& options, sqlite_reader& reader);
  /// Writes what is queued, then ends.
  ~sqlite_writer();
  sqlite_writer(const sqlite_writer&) = delete;
  sqlite_writer& operator=(const sqlite_writer&) = delete;

  /// What is to be written goes in here. Any thread.
  [[nodiscard]] write_queue& orders() noexcept { return queue_; }

  /// Makes a purge record while the file cannot take one. Any thread.
  cache::purge_record purge_without_file(entry::selector wanted) {
    return options_.purges->issue(std::move(wanted), options_.purge_until());
  }

  /// A reader found the file corrupt: it is looked after within a second. Any thread.
  void suspect() noexcept { suspect_ = true; }

  /// Any thread.
  [[nodiscard]] entry::store_status status() const;

 private:
  /// What a batch changes outside the file, once it is committed.
  struct effects;
  struct counted_purge {
    std::uint64_t number = 0;
    std::uint64_t removed = 0;
    std::shared_ptr<std::promise<base::result<entry::purge_report>>> done;
  };

  void serve();
  void write(const std::vector<write_order>& batch);
  [[nodiscard]] base::result<void> attempt(const std::vector<write_order>& batch, effects& after);
  [[nodiscard]] base::result<void> apply(const put_entry& order, effects& after);
  [[nodiscard]] base::result<void> apply(const erase_entry& order, effects& after);
  [[nodiscard]] base::result<void> apply(const touch_entry& order, effects& after);
  [[nodiscard]] base::result<void> apply(const add_counters& order, effects& after);
  [[nodiscard]] base::result<void> apply(const purge_entries& order, effects& after);
  void publish(effects& after);
  void drop_all(const std::vector<write_order>& batch, const base::error& why);
  [[nodiscard]] base::result<void> make_room(std::uint64_t bytes);
  [[nodiscard]] bool at_own_bound();
  [[nodiscard]] base::result<bool> room_for_counter(std::size_t bytes, std::int64_t day);
  void keep_log_short();

  void maintain();
  [[nodiscard]] base::result<void> upkeep();
  [[nodiscard]] base::result<void> work_in_background();
  [[nodiscard]] base::result<void> measure();
  void count_removed(std::int64_t rows);
  void report_purges();

  [[nodiscard]] base::result<opened_file> reopened();
  void handle_fault(const base::error& why);
  void begin(base::result<opened_file> opened);
  void go_down(const base::error& why);

  const std::string path_;
  const store_options& options_;
  const space_plan plan_;
  sqlite_reader& reader_;
  write_queue queue_;
  purge_log purges_;

  // The writer's thread alone.
  std::optional<sqlite_tables> tables_;
  file_identity identity_;
  base::steady_time try_again_{};
  std::chrono::steady_clock::time_point last_upkeep_{};
  bool more_to_do_ = false;
  bool log_overfull_ = false;
  std::int64_t counter_bytes_ = 0;  ///< at least so many are there
  std::vector<counted_purge> open_purges_;

  // Seen by all.
  std::atomic<bool> suspect_{false};
  std::atomic<std::int64_t> entries_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::array<std::atomic<std::uint64_t>, entry::cache_type_count> bytes_by_type_{};
  std::atomic<std::uint64_t> evictions_{0};
  mutable std::mutex health_mutex_;
  entry::store_health health_ = entry::store_health::ready;  ///< guarded by health_mutex_
  std::string detail_;                                       ///< guarded by health_mutex_

  std::thread thread_;
};

}  // namespace refrain::store
