#pragma once

#include <memory>
#include <string>

#include "entry/store.h"
#include "net/worker_pool.h"
#include "store/options.h"
#include "store/read_check.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_writer.h"

namespace refrain::store {

/// Entries in one SQLite file that several processes may have open: docs/formats/sqlite.md. Small bodies are read on
/// the calling thread, a few microseconds each; larger ones, and what operators ask for, on threads of its own. Every
/// write goes through one thread, in batches; what waits there is found by reads already.
///
/// Destroy it before the event loops whose coroutines call it.
class sqlite_store final : public entry::store, private entry::catalogue, private entry::counters {
 public:
  /// Fails with a sentence that names the remedy where the file cannot be used.
  [[nodiscard]] static base::result<std::unique_ptr<sqlite_store>> open(std::string path, store_options options);
  ~sqlite_store() override;

  [[nodiscard]] net::task<base::result<entry::entry_ptr>> get(entry::entry_id id) override;
  /// Several are one job for a thread of its own.
  [[nodiscard]] net::task<std::vector<entry::entry_ptr>> get_many(std::vector<entry::entry_id> ids) override;
  void touch(const entry::entry_id& id) override;
  void flush() override;
  [[nodiscard]] entry::catalogue& catalogue() noexcept override { return *this; }
  [[nodiscard]] entry::counters& counters() noexcept override { return *this; }
  [[nodiscard]] entry::store_status status() const override;

 private:
  bool write(entry::entry_ptr fresh) override;
  sqlite_store(std::string path, opened_file file, store_options options);

  [[nodiscard]] net::task<base::result<entry::entry_ptr>> find(std::string name) override;
  [[nodiscard]] net::task<base::result<bool>> erase(std::string name) override;
  [[nodiscard]] net::task<base::result<entry::entry_page>> list(entry::selector wanted, std::string cursor,
                                                                std::size_t limit) override;
  [[nodiscard]] net::task<base::result<entry::purge_report>> purge(entry::selector wanted) override;
  void add(entry::counter_deltas deltas) override;
  [[nodiscard]] net::task<base::result<entry::counter_deltas>> since(std::int64_t first_day) override;

  [[nodiscard]] base::result<row_found> read(const base::digest256& digest, std::uint64_t largest);
  /// What a look at the row means for its digest: damaged and purged rows are removed, used ones remembered as such.
  [[nodiscard]] entry::entry_ptr judge(const base::digest256& digest, base::result<row_found> found);
  // On threads of its own.
  [[nodiscard]] base::result<entry::entry_ptr> read_whole(const base::digest256& digest);
  [[nodiscard]] base::result<entry::entry_ptr> look_up(const std::string& name);
  [[nodiscard]] base::result<bool> remove(const std::string& name);
  [[nodiscard]] base::result<entry::purge_report> kill(entry::selector wanted);

  const store_options options_;
  read_check check_;
  sqlite_reader reader_;
  sqlite_writer writer_;
  // Last, so that their threads end before what they use.
  net::worker_pool bulk_;       ///< large bodies
  net::worker_pool operators_;  ///< what operators ask for, which may take seconds
};

}  // namespace refrain::store
