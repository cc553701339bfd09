#include "semantic/packed_vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/base64.h"

namespace refrain::semantic {
namespace {

constexpr float largest = 127;

[[gnu::always_inline]] inline std::int32_t dot_of(const std::int8_t* one, const std::int8_t* other, std::size_t n) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += static_cast<std::int16_t>(one[i]) * static_cast<std::int16_t>(other[i]);
  return sum;
}

std::int32_t dot_anywhere(const std::int8_t* one, const std::int8_t* other, std::size_t n) {
  return dot_of(one, other, n);
}
#if defined(__x86_64__)
[[gnu::target("avx2")]] std::int32_t dot_avx2(const std::int8_t* one, const std::int8_t* other, std::size_t n) {
  return dot_of(one, other, n);
}

/// The instruction multiplies bytes without a sign by bytes with one: `one` is moved up by 128, and the sum of `other`
/// so many times taken off again.
[[gnu::target("avx512f,avx512bw,avx512vnni")]] std::int32_t dot_vnni(const std::int8_t* one, const std::int8_t* other,
                                                                     std::size_t n) {
  const auto offset = _mm512_set1_epi8(-128);
  auto moved = _mm512_setzero_si512();
  auto extra = _mm512_setzero_si512();
  std::size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    const auto here = _mm512_loadu_si512(one + i);
    const auto there = _mm512_loadu_si512(other + i);
    moved = _mm512_dpbusd_epi32(moved, _mm512_xor_si512(here, offset), there);
    extra = _mm512_dpbusd_epi32(extra, offset, there);
  }
  return _mm512_reduce_add_epi32(_mm512_sub_epi32(moved, extra)) + dot_of(one + i, other + i, n - i);
}
#endif

}  // namespace

std::string packed_vector::to_base64() const {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(sizeof scale + values.size(), '\0');
  std::memcpy(bytes.data(), &scale, sizeof scale);
  std::memcpy(bytes.data() + sizeof scale, values.data(), values.size());
  return base::base64_encode(bytes);
}

std::optional<packed_vector> packed_vector::from_base64(std::string_view text, std::size_t width) {
  const auto bytes = base::base64_decode(text);
  packed_vector made;
  if (!bytes || bytes->size() != sizeof made.scale + width) return std::nullopt;
  std::memcpy(&made.scale, bytes->data(), sizeof made.scale);
  if (!std::isfinite(made.scale)) return std::nullopt;
  made.values.resize(width);
  std::memcpy(made.values.data(), bytes->data() + sizeof made.scale, width);
  return made;
}

packed_vector pack(std::span<const float> vector) {
  float most = 0;
  for (const auto one : vector) most = std::max(most, std::abs(one));
  packed_vector made{.scale = most / largest, .values = std::vector<std::int8_t>(vector.size())};
  if (!(most > 0)) return made;
  std::ranges::transform(vector, made.values.begin(),
                         [&](float one) { return static_cast<std::int8_t>(std::lround(one / made.scale)); });
  return made;
}

std::vector<dot_function> dot_functions() {
  std::vector<dot_function> all;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni")) all.push_back(dot_vnni);
  if (__builtin_cpu_supports("avx2")) all.push_back(dot_avx2);
#endif
  all.push_back(dot_anywhere);
  return all;
}

std::int32_t dot(const std::int8_t* one, const std::int8_t* other, std::size_t n) noexcept {
  static const auto fastest = dot_functions().front();
  return fastest(one, other, n);
}

double cosine_of(std::span<const float> one, std::span<const float> other) noexcept {
  return std::inner_product(one.begin(), one.end(), other.begin(), 0.0);
}

}  // namespace refrain::semantic
