#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace refrain::semantic {

/// Finds near vectors without looking at all of them: a graph of neighbours (hnswlib; Malkov and Yashunin, arXiv
/// 1603.09320). It keeps the numbers of vectors, not the vectors. Searches may run beside each other; all else alone.
class vector_graph {
 public:
  /// How far two vectors are apart, by their numbers. `asked` is the number of the one that is searched for.
  using distance_function = std::function<float(std::uint32_t one, std::uint32_t other)>;
  static constexpr std::uint32_t asked = UINT32_MAX;

  explicit vector_graph(distance_function distance);
  ~vector_graph();

  /// Puts a vector in, or one that takes the number of another. False where there is no memory for it.
  [[nodiscard]] bool insert(std::uint32_t number);
  void erase(std::uint32_t number) noexcept;

  /// The numbers of about the nearest, in any order.
  [[nodiscard]] std::vector<std::uint32_t> nearest(std::size_t most) const;

  /// Bytes that a vector takes here.
  static constexpr std::size_t bytes_each = 260;

 private:
  struct graph;
  std::unique_ptr<graph> graph_;
};

}  // namespace refrain::semantic
