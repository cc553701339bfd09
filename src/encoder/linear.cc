#include "encoder/linear.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <utility>

// Of OpenMP's library, whose header not every compiler brings.
extern "C" void omp_set_num_threads(int);

namespace refrain::encoder {
namespace {

using dnnl::memory;

/// Products are made ready for some numbers of rows, each when it is first wanted: for few rows in small steps, as each
/// row more costs time.
std::size_t rounded_up(std::size_t rows) {
  const std::size_t step = rows <= 64 ? 4 : rows <= 256 ? 16 : 64;
  return (rows + step - 1) / step * step;
}

/// For which the weights are laid out.
constexpr std::size_t usual_rows = 16;

/// Each thread computes alone. oneDNN would have OpenMP start others, which spin for each other: on a machine with
/// other work, a product of microseconds takes a tenth of a second.
const dnnl::engine& engine() {
  [[maybe_unused]] thread_local const bool is_alone = (omp_set_num_threads(1), true);
  static const dnnl::engine cpu{dnnl::engine::kind::cpu, 0};
  return cpu;
}

memory::dims dims(std::size_t one, std::size_t other) {
  return {static_cast<memory::dim>(one), static_cast<memory::dim>(other)};
}

/// What values of a row reach at most. Without VNNI, products are added in pairs of 16 bits, which 8 bits overflow.
float top_value() { return multiplies_whole_bytes() ? 255.F : 127.F; }

}  // namespace

struct linear::packed {
  packed(std::size_t inputs, std::size_t outputs) : in(inputs), out(outputs) {}

  /// Lays the weights out as the machine likes them; `rows` is outputs x inputs.
  void lay_out(std::vector<std::int8_t>& rows) {
    sums.resize(out);
    for (std::size_t o = 0; o < out; ++o) {
      int sum = 0;
      for (std::size_t i = 0; i < in; ++i) sum += rows[o * in + i];
      sums[o] = static_cast<float>(sum);
    }
    const memory given{{dims(in, out), memory::data_type::s8, memory::format_tag::ba}, engine(), rows.data()};
    layout = description(usual_rows, memory::format_tag::any).weights_desc();
    weights = memory{layout, engine()};
    dnnl::stream now{engine()};
    dnnl::reorder{given, weights}.execute(now, const_cast<memory&>(given), weights);
    now.wait();
  }

  [[nodiscard]] dnnl::matmul::primitive_desc description(std::size_t rows, memory::format_tag of_weights) const {
    return of(rows, {dims(in, out), memory::data_type::s8, of_weights});
  }
  [[nodiscard]] dnnl::matmul::primitive_desc of(std::size_t rows, const memory::desc& of_weights) const {
    const memory::desc from{dims(rows, in), memory::data_type::u8, memory::format_tag::ab};
    const memory::desc to{dims(rows, out), memory::data_type::s32, memory::format_tag::ab};
    // The library's own scratchpad is not for a product that several threads compute at once.
    dnnl::primitive_attr how;
    how.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return {dnnl::matmul::desc{from, of_weights, to}, how, engine()};
  }

  struct product_of_rows {
    dnnl::matmul compute;
    memory::desc scratchpad;
  };
  /// The product for so many rows, made when it is first wanted.
  const product_of_rows& product(std::size_t rows) const {
    const std::lock_guard guard{mutex};
    const auto known = products.find(rows);
    if (known != products.end()) return known->second;
    const auto made = of(rows, layout);
    return products.emplace(rows, product_of_rows{dnnl::matmul{made}, made.scratchpad_desc()}).first->second;
  }

  std::size_t in;
  std::size_t out;
  std::vector<float> scales;  ///< of each output
  std::vector<float> sums;    ///< of each output's weights
  std::vector<float> bias;
  memory::desc layout;
  memory weights;
  mutable std::mutex mutex;
  mutable std::map<std::size_t, product_of_rows> products;  ///< by rows; guarded by mutex
};

linear::linear(std::unique_ptr<packed> weights) : packed_(std::move(weights)) {}
linear::~linear() = default;
linear::linear(linear&&) noexcept = default;
linear& linear::operator=(linear&&) noexcept = default;

std::size_t linear::inputs() const noexcept { return packed_->in; }
std::size_t linear::outputs() const noexcept { return packed_->out; }

linear linear::from_floats(std::span<const tensor> weights, std::span<const tensor> biases) {
  const auto in = weights.front().shape[1];
  std::size_t out = 0;
  for (const auto& one : weights) out += one.shape[0];
  auto made = std::make_unique<packed>(in, out);
  std::vector<std::int8_t> bytes;
  bytes.reserve(in * out);
  for (const auto& one : weights) {
    const auto numbers = one.floats();
    for (std::size_t o = 0; o < one.shape[0]; ++o) {
      const auto row = numbers.subspan(o * in, in);
      float most = 0;
      for (const float value : row) most = std::max(most, std::abs(value));
      const float scale = most > 0 ? most / 127.F : 1.F;
      made->scales.push_back(scale);
      for (const float value : row) bytes.push_back(static_cast<std::int8_t>(std::lround(value / scale)));
    }
  }
  for (const auto& one : biases) made->bias.insert(made->bias.end(), one.floats().begin(), one.floats().end());
  made->lay_out(bytes);
  return linear{std::move(made)};
}

linear linear::from_bytes(std::span<const tensor> weights, std::span<const tensor> scales,
                          std::span<const tensor> biases) {
  std::vector<std::int8_t> bytes;
  for (const auto& one : weights) bytes.insert(bytes.end(), one.integers().begin(), one.integers().end());
  const auto in = weights.front().shape[1];
  auto made = std::make_unique<packed>(in, bytes.size() / in);
  for (const auto& one : scales) made->scales.insert(made->scales.end(), one.floats().begin(), one.floats().end());
  for (const auto& one : biases) made->bias.insert(made->bias.end(), one.floats().begin(), one.floats().end());
  made->lay_out(bytes);
  return linear{std::move(made)};
}

void linear::apply(const float* from, std::size_t rows, float* to, workspace& with) const {
  const auto& own = *packed_;
  const auto all = rounded_up(rows);
  with.bytes.resize(std::max(with.bytes.size(), all * own.in));
  with.sums.resize(std::max(with.sums.size(), all * own.out));
  with.scales.resize(rows);
  const auto& loops = kernels_here();
  for (std::size_t r = 0; r < rows; ++r) {
    with.scales[r] = loops.quantise(from + r * own.in, with.bytes.data() + r * own.in, own.in, top_value());
  }
  dnnl::stream now{engine()};
  memory bytes{{dims(all, own.in), memory::data_type::u8, memory::format_tag::ab}, engine(), with.bytes.data()};
  memory sums{{dims(all, own.out), memory::data_type::s32, memory::format_tag::ab}, engine(), with.sums.data()};
  const auto& product = own.product(all);
  with.scratchpad.resize(std::max(with.scratchpad.size(), product.scratchpad.get_size() / sizeof(cache_line) + 1));
  memory scratchpad{product.scratchpad, engine(), with.scratchpad.data()};
  product.compute.execute(now, {{DNNL_ARG_SRC, bytes},
                                {DNNL_ARG_WEIGHTS, own.weights},
                                {DNNL_ARG_DST, sums},
                                {DNNL_ARG_SCRATCHPAD, scratchpad}});
  now.wait();
  for (std::size_t r = 0; r < rows; ++r) {
    loops.dequantise(with.sums.data() + r * own.out, with.scales[r], own.sums.data(), own.scales.data(),
                     own.bias.data(), to + r * own.out, own.out);
  }
}

}  // namespace refrain::encoder
