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
class index::shelf {
 public:
  shelf(std::size_t width, std::size_t graph_from) : width_(width), graph_from_(graph_from) {}

  /// How many bytes it takes more than before.
  std::int64_t insert(record fresh, const packed_vector& vector);
  std::int64_t erase(const base::digest256& entry);

  [[nodiscard]] std::vector<neighbour> nearest(const packed_vector& vector, std::size_t most,
                                               base::sys_seconds now) const;
  void each(const std::function<void(const record&)>& visit) const;
  [[nodiscard]] bool empty() const;

 private:
  using slot = std::uint32_t;

  [[nodiscard]] slot free_slot();
  [[nodiscard]] const std::int8_t* row(slot at) const noexcept;
  [[nodiscard]] float scale(slot at) const noexcept;
  [[nodiscard]] float cosine(slot one, slot other) const noexcept;
  [[nodiscard]] std::vector<slot> candidates(std::size_t most) const;
  void index_slot(slot at);
  void build_graph();

  const std::size_t width_;
  const std::size_t graph_from_;
  mutable std::shared_mutex mutex_;
  std::vector<std::shared_ptr<const record>> records_;  ///< by slot; nullptr: free. Guarded by mutex_, as is all below
  std::vector<std::int8_t> rows_;
  std::vector<float> scales_;
  std::vector<slot> free_;
  std::unordered_map<base::digest256, slot> slots_;  ///< by entry
  std::shared_ptr<const labels> last_labels_;        ///< most records of a partition have the same
  std::unique_ptr<vector_graph> graph_;              ///< nullptr: too few for one
};

}  // namespace refrain::semantic
