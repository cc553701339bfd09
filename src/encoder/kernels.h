#pragma once

#include <cstddef>
#include <cstdint>

namespace refrain::encoder {

/// How a row of numbers became bytes: value = scale * (byte - zero).
struct row_scale {
  float scale = 1;
  float zero = 0;
};

/// The loops over rows of numbers that are worth the machine's widest registers. Pointers do not overlap but where they
/// are the same; `n` counts numbers.
struct kernels {
  /// Quantises a row to bytes of 0 to `top`, asymmetrically.
  row_scale (*quantise)(const float* from, std::uint8_t* to, std::size_t n, float top);
  /// to = (sums - zero * column sum) * row scale * column scale + bias.
  void (*dequantise)(const std::int32_t* sums, row_scale row, const float* column_sums, const float* column_scales,
                     const float* bias, float* to, std::size_t n);
  /// The error-linear unit, exact form: x * Phi(x). Source: Hendrycks and Gimpel, arXiv 1606.08415.
  void (*gelu)(float* row, std::size_t n);
  /// row = row + other, brought to mean 0 and variance 1, times `gain` plus `bias`. Source: arXiv 1607.06450.
  void (*add_and_normalise)(float* row, const float* other, const float* gain, const float* bias, std::size_t n);
  /// Turns a row of scores, times `factor`, into shares of 1.
  void (*softmax)(float* row, std::size_t n, float factor);
  /// to = the sum of `count` rows that begin `stride` numbers apart, each times its weight.
  void (*combine)(const float* weights, const float* rows, std::size_t stride, std::size_t count, float* to,
                  std::size_t n);
  float (*dot)(const float* one, const float* other, std::size_t n);
  /// to = to + factor * from.
  void (*add_scaled)(float* to, const float* from, float factor, std::size_t n);
};

/// Those for this machine.
[[nodiscard]] const kernels& kernels_here() noexcept;

/// Whether products of bytes are added up without loss (VNNI). Where they are not, a byte of values has 7 bits.
[[nodiscard]] bool multiplies_whole_bytes() noexcept;

}  // namespace refrain::encoder
