#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace refrain::semantic {

/// How far two vectors are apart, by their numbers.
class vector_distances {
 public:
  [[nodiscard]] virtual float between(std::uint32_t one, std::uint32_t other) const noexcept = 0;

 protected:
  ~vector_distances() = default;
};

/// Finds near vectors without looking at all of them: a graph of neighbours (hnswlib; Malkov and Yashunin, arXiv
/// 1603.09320). It keeps the numbers of vectors, not the vectors. Searches may run beside each other; all else alone.
class vector_graph {
 public:
  /// The number of the vector that is searched for.
  static constexpr std::uint32_t asked = UINT32_MAX;

  /// `distances` outlives it.
  explicit vector_graph(const vector_distances& distances);
  ~vector_graph();

  /// Puts a vector in, or one that takes the number of another. False where there is no memory for it.
  [[nodiscard]] bool insert(std::uint32_t number);
  void erase(std::uint32_t number) noexcept;
  /// Undoes `erase`: the same vector is back. False as `insert`.
  [[nodiscard]] bool restore(std::uint32_t number);

  /// The numbers of about the nearest, in any order.
  [[nodiscard]] std::vector<std::uint32_t> nearest(std::size_t most) const;

  /// Bytes that a vector takes here.
  static constexpr std::size_t bytes_each = 260;

 private:
  struct graph;
  std::unique_ptr<graph> graph_;
};

}  // namespace refrain::semantic
