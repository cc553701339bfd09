#include "encoder/kernels.h"

#include <bit>
#include <cmath>

// Each loop is written once and compiled for three machines. The functions below are inlined into those that the macro
// makes, and so take over their registers.
namespace refrain::encoder {
namespace {

#define REFRAIN_INLINED [[gnu::always_inline]] inline

/// e^x within 2 units of the last place, for x in [-87, 88]: 2^n times a polynomial (Cephes, expf).
REFRAIN_INLINED float exponential(float x) {
  x = x < -87.F ? -87.F : x > 88.F ? 88.F : x;
  const float n = __builtin_floorf(x * 1.44269504F + 0.5F);
  const float r = x - n * 0.693359375F + n * 2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.F;
  return p * std::bit_cast<float>((static_cast<std::int32_t>(n) + 127) << 23);
}

/// The error function within 1.5e-7. Source: Abramowitz and Stegun, 7.1.26.
REFRAIN_INLINED float error_function(float x) {
  const float a = __builtin_fabsf(x);
  const float t = 1.F / (1.F + 0.3275911F * a);
  const float p = ((((1.061405429F * t - 1.453152027F) * t + 1.421413741F) * t - 0.284496736F) * t + 0.254829592F) * t;
  return __builtin_copysignf(1.F - p * exponential(-a * a), x);
}

REFRAIN_INLINED void dequantise_row(const std::int32_t* sums, row_scale row, const float* column_sums,
                                    const float* column_scales, const float* bias, float* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    to[i] = (static_cast<float>(sums[i]) - row.zero * column_sums[i]) * (row.scale * column_scales[i]) + bias[i];
  }
}

REFRAIN_INLINED void gelu_row(float* row, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) row[i] = 0.5F * row[i] * (1.F + error_function(row[i] * 0.70710678F));
}

// What is gathered over a row goes into several places, or each step would wait for the one before it.
constexpr std::size_t lanes = 16;

/// Gathers `term(i)` of a row by `joined`, which takes two values in any order.
template <class Term, class Join>
REFRAIN_INLINED float gather(std::size_t n, float start, Term term, Join joined) {
  float part[lanes];
  for (auto& one : part) one = start;
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) part[k] = joined(part[k], term(i + k));
  }
  float all = start;
  for (; i < n; ++i) all = joined(all, term(i));
  for (const float one : part) all = joined(all, one);
  return all;
}

REFRAIN_INLINED float plus(float a, float b) { return a + b; }
REFRAIN_INLINED float less(float a, float b) { return a < b ? a : b; }
REFRAIN_INLINED float more(float a, float b) { return a > b ? a : b; }

REFRAIN_INLINED float dot_rows(const float* one, const float* other, std::size_t n) {
  return gather(n, 0, [=](std::size_t i) { return one[i] * other[i]; }, plus);
}

REFRAIN_INLINED row_scale quantise_row(const float* from, std::uint8_t* to, std::size_t n, float top) {
  // Zero is among the values, so that it stays zero.
  const auto value_at = [from](std::size_t i) { return from[i]; };
  const float least = gather(n, 0, value_at, less);
  const float most = gather(n, 0, value_at, more);
  row_scale by{.scale = most > least ? (most - least) / top : 1.F};
  by.zero = __builtin_floorf(-least / by.scale + 0.5F);
  const float inverse = 1.F / by.scale;
  for (std::size_t i = 0; i < n; ++i) {
    const float value = __builtin_floorf(from[i] * inverse + by.zero + 0.5F);
    to[i] = static_cast<std::uint8_t>(less(more(value, 0.F), top));
  }
  return by;
}

REFRAIN_INLINED void add_and_normalise_row(float* row, const float* other, const float* gain, const float* bias,
                                           std::size_t n) {
  constexpr float epsilon = 1e-12F;
  for (std::size_t i = 0; i < n; ++i) row[i] += other[i];
  const float mean = gather(n, 0, [row](std::size_t i) { return row[i]; }, plus) / static_cast<float>(n);
  for (std::size_t i = 0; i < n; ++i) row[i] -= mean;
  const float factor = 1.F / __builtin_sqrtf(dot_rows(row, row, n) / static_cast<float>(n) + epsilon);
  for (std::size_t i = 0; i < n; ++i) row[i] = row[i] * factor * gain[i] + bias[i];
}

REFRAIN_INLINED void softmax_row(float* row, std::size_t n, float factor) {
  const auto value_at = [row](std::size_t i) { return row[i]; };
  const float most = gather(n, row[0], value_at, more);
  for (std::size_t i = 0; i < n; ++i) row[i] = exponential((row[i] - most) * factor);
  const float whole = 1.F / gather(n, 0, value_at, plus);
  for (std::size_t i = 0; i < n; ++i) row[i] *= whole;
}

REFRAIN_INLINED void add_scaled_row(float* to, const float* from, float factor, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) to[i] += factor * from[i];
}

/// `combine` for so many columns, whose sums stay in registers.
template <std::size_t Columns>
REFRAIN_INLINED void combine_columns(const float* weights, const float* rows, std::size_t stride, std::size_t count,
                                     float* to) {
  float sums[Columns] = {};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < Columns; ++k) sums[k] += weights[i] * rows[i * stride + k];
  }
  for (std::size_t k = 0; k < Columns; ++k) to[k] = sums[k];
}

REFRAIN_INLINED void combine_rows(const float* weights, const float* rows, std::size_t stride, std::size_t count,
                                  float* to, std::size_t n) {
  std::size_t k = 0;
  for (; k + 64 <= n; k += 64) combine_columns<64>(weights, rows + k, stride, count, to + k);
  for (; k + 32 <= n; k += 32) combine_columns<32>(weights, rows + k, stride, count, to + k);
  for (; k + 16 <= n; k += 16) combine_columns<16>(weights, rows + k, stride, count, to + k);
  for (; k < n; ++k) combine_columns<1>(weights, rows + k, stride, count, to + k);
}

#define REFRAIN_KERNELS(NAME, ...)                                                                                  \
  __VA_ARGS__ row_scale quantise_##NAME(const float* from, std::uint8_t* to, std::size_t n, float top) {            \
    return quantise_row(from, to, n, top);                                                                          \
  }                                                                                                                 \
  __VA_ARGS__ void dequantise_##NAME(const std::int32_t* sums, row_scale row, const float* column_sums,             \
                                     const float* column_scales, const float* bias, float* to, std::size_t n) {     \
    dequantise_row(sums, row, column_sums, column_scales, bias, to, n);                                             \
  }                                                                                                                 \
  __VA_ARGS__ void gelu_##NAME(float* row, std::size_t n) { gelu_row(row, n); }                                     \
  __VA_ARGS__ void normalise_##NAME(float* row, const float* other, const float* gain, const float* bias,           \
                                    std::size_t n) {                                                                \
    add_and_normalise_row(row, other, gain, bias, n);                                                               \
  }                                                                                                                 \
  __VA_ARGS__ void softmax_##NAME(float* row, std::size_t n, float factor) { softmax_row(row, n, factor); }         \
  __VA_ARGS__ float dot_##NAME(const float* one, const float* other, std::size_t n) {                               \
    return dot_rows(one, other, n);                                                                                 \
  }                                                                                                                 \
  __VA_ARGS__ void combine_##NAME(const float* weights, const float* rows, std::size_t stride, std::size_t count,   \
                                  float* to, std::size_t n) {                                                       \
    combine_rows(weights, rows, stride, count, to, n);                                                              \
  }                                                                                                                 \
  __VA_ARGS__ void add_scaled_##NAME(float* to, const float* from, float factor, std::size_t n) {                   \
    add_scaled_row(to, from, factor, n);                                                                            \
  }                                                                                                                 \
  constexpr kernels NAME {                                                                                          \
    .quantise = quantise_##NAME, .dequantise = dequantise_##NAME, .gelu = gelu_##NAME,                              \
    .add_and_normalise = normalise_##NAME, .softmax = softmax_##NAME, .combine = combine_##NAME, .dot = dot_##NAME, \
    .add_scaled = add_scaled_##NAME                                                                                 \
  }

REFRAIN_KERNELS(any);
#if defined(__x86_64__)
REFRAIN_KERNELS(avx2, [[gnu::target("avx2,fma")]]);
REFRAIN_KERNELS(avx512, [[gnu::target("avx512f,avx512bw,avx512vl,avx512dq,fma")]]);

const kernels& choose() noexcept {
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
    return avx512;
  }
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2 : any;
}
#else
const kernels& choose() noexcept { return any; }
#endif

}  // namespace

const kernels& kernels_here() noexcept {
  static const kernels& chosen = choose();
  return chosen;
}

bool multiplies_whole_bytes() noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512vnni");
#else
  return true;
#endif
}

}  // namespace refrain::encoder
