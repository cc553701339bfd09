#include "encoder/tensor_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

namespace refrain::encoder {
namespace {

using base::errc;
using base::fail;

/// The table of a model with thousands of tensors is a hundredth of it.
constexpr std::uint64_t longest_table = 16ull << 20;

std::optional<std::size_t> width_of(std::string_view type) {
  if (type == "F32" || type == "I32") return 4;
  if (type == "F16" || type == "BF16") return 2;
  if (type == "I8" || type == "U8" || type == "BOOL") return 1;
  if (type == "I64" || type == "F64") return 8;
  return std::nullopt;
}

std::size_t product(const std::vector<std::size_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>{});
}

/// One row of the table; nothing where it is none, or leads out of `data`.
std::optional<tensor> read_row(simdjson::dom::object row, std::span<const std::byte> data) {
  std::string_view type;
  simdjson::dom::array shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  if (row["dtype"].get(type) != simdjson::SUCCESS || row["shape"].get(shape) != simdjson::SUCCESS ||
      row["data_offsets"].at(0).get(begin) != simdjson::SUCCESS ||
      row["data_offsets"].at(1).get(end) != simdjson::SUCCESS || begin > end || end > data.size()) {
    return std::nullopt;
  }
  tensor read{.type = std::string{type}, .shape = {}, .bytes = data.subspan(begin, end - begin)};
  for (const auto size : shape) {
    std::uint64_t number = 0;
    // A product of a few sizes, each below 2^20, does not overflow before it fails to fit the file.
    if (size.get(number) != simdjson::SUCCESS || number >= 1u << 20 || read.shape.size() == 3) return std::nullopt;
    read.shape.push_back(number);
  }
  const auto width = width_of(type);
  if (!width || product(read.shape) * *width != read.bytes.size() || begin % *width != 0) return std::nullopt;
  return read;
}

}  // namespace

struct tensor_file::mapping {
  mapping(void* at, std::size_t size) : bytes(static_cast<const std::byte*>(at), size) {}
  ~mapping() { ::munmap(const_cast<std::byte*>(bytes.data()), bytes.size()); }
  mapping(const mapping&) = delete;
  mapping& operator=(const mapping&) = delete;
  std::span<const std::byte> bytes;
};

std::size_t tensor::count() const noexcept { return product(shape); }

std::span<const float> tensor::floats() const noexcept {
  return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
}

std::span<const std::int8_t> tensor::integers() const noexcept {
  return {reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size()};
}

base::result<tensor_file> tensor_file::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return fail(errno == ENOENT ? errc::not_found : errc::io,
                fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  }
  struct stat about{};
  const bool known = ::fstat(file, &about) == 0 && about.st_size > 0;
  const auto size = known ? static_cast<std::size_t>(about.st_size) : 0;
  void* const at = known ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
  ::close(file);
  const auto no_model = [&path](std::string_view why) {
    return fail(errc::bad_config, fmt::format("{} is no file of weights (safetensors): {}", path, why));
  };
  if (at == MAP_FAILED) return no_model("it is empty or cannot be read");

  tensor_file read;
  read.path_ = path;
  read.mapping_ = std::make_shared<mapping>(at, size);
  const auto all = read.mapping_->bytes;
  std::uint64_t table_size = 0;
  if (all.size() < sizeof table_size) return no_model("it is cut");
  std::memcpy(&table_size, all.data(), sizeof table_size);
  if (table_size > longest_table || table_size > all.size() - sizeof table_size) return no_model("it is cut");
  const auto data = all.subspan(sizeof table_size + table_size);
  const std::string_view text{reinterpret_cast<const char*>(all.data()) + sizeof table_size, table_size};
  // The view ends with the mapping, where the parser may not read on: it copies.
  simdjson::dom::parser parser;
  simdjson::dom::object table;
  if (parser.parse(simdjson::padded_string(text)).get(table) != simdjson::SUCCESS)
    return no_model("its table is no JSON");
  for (const auto [name, value] : table) {
    if (name == "__metadata__") continue;
    simdjson::dom::object row;
    auto one = value.get(row) == simdjson::SUCCESS ? read_row(row, data) : std::nullopt;
    if (!one) return no_model(fmt::format("its tensor {} has no place in it; it may be cut", name));
    read.tensors_.emplace(name, *std::move(one));
  }
  return read;
}

base::result<tensor> tensor_file::find(std::string_view name) const {
  const auto at = tensors_.find(name);
  if (at == tensors_.end()) return fail(errc::not_found, fmt::format("{} lacks the tensor {}", path_, name));
  return at->second;
}

base::result<tensor> tensor_file::find(std::string_view name, std::string_view type,
                                       const std::vector<std::size_t>& shape) const {
  auto found = find(name);
  if (!found || (found->type == type && found->shape == shape)) return found;
  return fail(errc::bad_config, fmt::format("{}: the tensor {} is {} of {}, not {} of {}", path_, name, found->type,
                                            fmt::join(found->shape, " x "), type, fmt::join(shape, " x ")));
}

}  // namespace refrain::encoder
