#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "semantic/index.h"
#include "semantic/vector_graph.h"

namespace refrain::semantic {

/// The records of one partition, each in a slot with its vector. Any thread.
class index::shelf final : public vector_distances {
 public:
  shelf(std::size_t width, std::size_t graph_from) : width_(width), graph_from_(graph_from) {}

  /// Takes in a record of an entry that has none here.
  void insert(std::shared_ptr<const record> fresh, const packed_vector& vector);
  /// Gives up the record of an entry that has one here.
  void erase(const base::digest256& entry);

  [[nodiscard]] std::vector<neighbour> nearest(const packed_vector& vector, std::size_t most,
                                               base::sys_seconds now) const;
  void each(const std::function<void(const std::shared_ptr<const record>&)>& visit) const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] float between(std::uint32_t one, std::uint32_t other) const noexcept override;

 private:
  using slot = std::uint32_t;

  [[nodiscard]] const std::int8_t* row(slot at) const noexcept;
  [[nodiscard]] std::int8_t* row(slot at) noexcept;
  [[nodiscard]] float cosine(slot at, const packed_vector& vector) const noexcept;
  [[nodiscard]] slot free_slot();
  [[nodiscard]] bool put(slot at, const packed_vector& vector);
  void grow_graph(slot changed, bool has_moved);
  void close_up();
  [[nodiscard]] bool is_graph_whole() const noexcept { return graph_ && in_graph_ == records_.size(); }

  const std::size_t width_;
  const std::size_t graph_from_;
  mutable std::shared_mutex mutex_;
  std::vector<std::shared_ptr<const record>> records_;  ///< by slot; nullptr: free. Guarded by mutex_, as is all below
  std::vector<std::vector<std::int8_t>> blocks_;        ///< of rows, so that a larger shelf need not move them
  std::vector<float> scales_;
  std::vector<slot> free_;
  std::unordered_map<base::digest256, slot> slots_;  ///< by entry
  std::unique_ptr<vector_graph> graph_;              ///< nullptr: too few for one
  slot in_graph_ = 0;                                ///< the first slots; the rest goes in by and by
};

}  // namespace refrain::semantic
