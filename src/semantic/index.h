#pragma once

#include <atomic>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "semantic/packed_vector.h"

namespace refrain::semantic {

/// What a purge chooses entries by.
struct labels {
  std::string upstream;
  std::string endpoint;
  std::string model;
  std::string level;
  std::string tenant_label;
  std::string name_space;
  std::vector<std::string> tags;

  friend auto operator<=>(const labels&, const labels&) = default;
};

/// A question whose answer is stored.
struct record {
  base::digest256 partition;  ///< see entry::semantic_record
  base::digest256 entry;      ///< the entry's digest
  base::digest256 tenant;
  std::string text;
  base::sys_seconds stored_at{};
  std::chrono::seconds ttl{0};
  std::uint64_t purge_number = 0;
  base::digest256 contributor;
  std::shared_ptr<const labels> about;
};

struct index_options {
  std::uint64_t most_bytes = 512ull << 20;  ///< the oldest records go first
  /// From so many vectors on a partition has a graph; below, all are looked at.
  std::size_t graph_from = 8'192;
};

/// The stored questions by partition, and for each partition by meaning. Any thread: searches run beside each other.
/// Changes come one after another, and hold up the searches of their partition alone.
class index {
 public:
  index(std::size_t width, index_options options);
  ~index();

  [[nodiscard]] std::size_t width() const noexcept { return width_; }

  /// Takes a record in, in place of another of the same entry. The vector has length 1; one of another width is left
  /// out.
  void insert(record fresh, std::span<const float> vector) { insert(std::move(fresh), pack(vector)); }
  void insert(record fresh, const packed_vector& vector);

  void erase(const base::digest256& entry);
  /// Erases all that `is_dead` says: after a purge, and for what is past its time. Looks at every record.
  void erase_if(const std::function<bool(const record&)>& is_dead);

  [[nodiscard]] bool has(const base::digest256& partition) const;

  struct neighbour {
    std::shared_ptr<const record> stored;
    double cosine = 0;
  };
  /// The nearest of a partition, best first; none that is past its time.
  [[nodiscard]] std::vector<neighbour> nearest(const base::digest256& partition, std::span<const float> vector,
                                               std::size_t most, base::sys_seconds now) const;

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t partitions() const;
  /// About what it takes of memory.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  class shelf;
  /// Entries, oldest first.
  using turns = std::list<base::digest256>;
  struct place {
    std::shared_ptr<const record> what;
    std::shared_ptr<shelf> where;
    turns::iterator turn;
  };
  using places = std::unordered_map<base::digest256, place>;
  struct by_value {
    bool operator()(const std::shared_ptr<const labels>& one, const std::shared_ptr<const labels>& other) const {
      return *one < *other;
    }
  };

  [[nodiscard]] std::shared_ptr<shelf> find(const base::digest256& partition) const;
  [[nodiscard]] std::shared_ptr<shelf> find_or_add(const base::digest256& partition);
  [[nodiscard]] std::shared_ptr<const labels> shared(std::shared_ptr<const labels> about);
  void remove(places::iterator known);

  const std::size_t width_;
  const index_options options_;
  std::atomic<std::uint64_t> bytes_{0};

  mutable std::mutex changes_;  ///< held while anything changes
  places places_;               ///< by entry; guarded by changes_, as are the next three
  turns turns_;
  std::set<std::shared_ptr<const labels>, by_value> labels_;  ///< each once, for all records that have them
  std::size_t labels_in_use_ = 0;                             ///< when this was last counted

  mutable std::shared_mutex mutex_;                                      ///< held for moments
  std::unordered_map<base::digest256, std::shared_ptr<shelf>> shelves_;  ///< guarded by mutex_
};

}  // namespace refrain::semantic
