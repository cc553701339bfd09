#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "encoder/kernels.h"
#include "encoder/tensor_file.h"

namespace refrain::encoder {

/// As a scratchpad is aligned.
struct alignas(64) cache_line {
  std::array<std::byte, 64> bytes;
};

/// Memory that computing a batch needs, kept from one to the next. One thread at a time.
struct workspace {
  std::vector<row_scale> scales;
  std::vector<std::uint8_t> bytes;
  std::vector<std::int32_t> sums;
  std::vector<cache_line> scratchpad;
};

/// y = W x + b over rows of numbers, in bytes: W has a scale for each output, x one for each row, asymmetric.
/// Immutable; any thread, each with a workspace of its own.
class linear {
 public:
  /// From numbers: `weight` is outputs x inputs, as PyTorch has it. Several are computed as one: their outputs stand
  /// one after the other.
  [[nodiscard]] static linear from_floats(std::span<const tensor> weights, std::span<const tensor> biases);
  /// The same from bytes and the scale of each output.
  [[nodiscard]] static linear from_bytes(std::span<const tensor> weights, std::span<const tensor> scales,
                                         std::span<const tensor> biases);

  ~linear();
  linear(linear&&) noexcept;
  linear& operator=(linear&&) noexcept;

  [[nodiscard]] std::size_t inputs() const noexcept;
  [[nodiscard]] std::size_t outputs() const noexcept;

  /// Computes `rows` rows of `from` into `to`.
  void apply(const float* from, std::size_t rows, float* to, workspace& with) const;

 private:
  struct packed;
  explicit linear(std::unique_ptr<packed> weights);
  std::unique_ptr<packed> packed_;
};

}  // namespace refrain::encoder
