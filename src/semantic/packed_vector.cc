#include "semantic/packed_vector.h"

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

// The loop is written once and compiled for three machines.
using dot_function = std::int32_t (*)(const std::int8_t*, const std::int8_t*, std::size_t);
std::int32_t dot_anywhere(const std::int8_t* one, const std::int8_t* other, std::size_t n) {
  return dot_of(one, other, n);
}
#if defined(__x86_64__)
[[gnu::target("avx2")]] std::int32_t dot_avx2(const std::int8_t* one, const std::int8_t* other, std::size_t n) {
  return dot_of(one, other, n);
}
[[gnu::target("avx512f,avx512bw,avx512vl")]] std::int32_t dot_avx512(const std::int8_t* one, const std::int8_t* other,
                                                                     std::size_t n) {
  return dot_of(one, other, n);
}
dot_function choose() noexcept {
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) return dot_avx512;
  return __builtin_cpu_supports("avx2") ? dot_avx2 : dot_anywhere;
}
#else
dot_function choose() noexcept { return dot_anywhere; }
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

std::int32_t dot(const std::int8_t* one, const std::int8_t* other, std::size_t n) noexcept {
  static const auto chosen = choose();
  return chosen(one, other, n);
}

double cosine_of(std::span<const float> one, std::span<const float> other) noexcept {
  return std::inner_product(one.begin(), one.end(), other.begin(), 0.0);
}

}  // namespace refrain::semantic
