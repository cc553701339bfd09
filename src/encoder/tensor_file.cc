#include "encoder/tensor_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <algorithm>
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
  if (!width || product(read.shape) * *width != read.bytes.size()) return std::nullopt;
  // Numbers are read in place.
  if (reinterpret_cast<std::uintptr_t>(read.bytes.data()) % *width != 0) return std::nullopt;
  return read;
}

std::map<std::string, std::string, std::less<>> texts_of(simdjson::dom::object row) {
  std::map<std::string, std::string, std::less<>> texts;
  for (const auto [key, value] : row) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) texts.emplace(key, text);
  }
  return texts;
}

}  // namespace

std::size_t tensor::count() const noexcept { return product(shape); }

std::span<const float> tensor::floats() const noexcept {
  return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
}

std::span<const std::int8_t> tensor::integers() const noexcept {
  return {reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size()};
}

base::result<tensor_file> tensor_file::open(const std::string& path) {
  auto file = TRY(mapped_file::open(path));
  auto opened = TRY(read(path, file.bytes()));
  opened.file_ = std::move(file);
  return opened;
}

base::result<tensor_file> tensor_file::read(std::string name, std::string_view bytes) {
  const auto no_model = [&name](std::string_view why) {
    return fail(errc::bad_config, fmt::format("{} is no file of weights (safetensors): {}", name, why));
  };
  std::uint64_t table_size = 0;
  if (bytes.size() < sizeof table_size) return no_model("it is cut");
  std::memcpy(&table_size, bytes.data(), sizeof table_size);
  bytes.remove_prefix(sizeof table_size);
  if (table_size > longest_table || table_size > bytes.size()) return no_model("it is cut");
  const auto data = std::as_bytes(std::span{bytes.substr(table_size)});
  // The view may end where no more can be read, and the parser reads on: it copies.
  simdjson::dom::parser parser;
  simdjson::dom::object table;
  if (parser.parse(simdjson::padded_string(bytes.substr(0, table_size))).get(table) != simdjson::SUCCESS) {
    return no_model("its table is no JSON");
  }
  tensor_file made;
  for (const auto [key, value] : table) {
    simdjson::dom::object row;
    const bool is_row = value.get(row) == simdjson::SUCCESS;
    if (key == "__metadata__") {
      if (is_row) made.about_ = texts_of(row);
      continue;
    }
    auto one = is_row ? read_row(row, data) : std::nullopt;
    if (!one) return no_model(fmt::format("its tensor {} has no place in it; it may be cut", key));
    made.tensors_.emplace(key, *std::move(one));
  }
  made.name_ = std::move(name);
  return made;
}

std::string_view tensor_file::about(std::string_view name) const {
  const auto at = about_.find(name);
  return at == about_.end() ? std::string_view{} : at->second;
}

base::result<tensor> tensor_file::find(std::string_view name) const {
  const auto at = tensors_.find(name);
  if (at == tensors_.end()) return fail(errc::not_found, fmt::format("{} lacks the tensor {}", name_, name));
  return at->second;
}

base::result<tensor> tensor_file::find(std::string_view name, std::string_view type,
                                       const std::vector<std::size_t>& shape) const {
  auto found = find(name);
  if (!found || (found->type == type && found->shape == shape)) return found;
  return fail(errc::bad_config, fmt::format("{}: the tensor {} is {} of {}, not {} of {}", name_, name, found->type,
                                            fmt::join(found->shape, " x "), type, fmt::join(shape, " x ")));
}

}  // namespace refrain::encoder
