#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/temp_folder.h"

namespace refrain::encoder::testing {

/// For tests: a model of random weights, the same each time, and its file.
class model_file {
 public:
  struct part {
    std::vector<std::size_t> shape;
    std::vector<float> values;
  };

  /// Adds a tensor with values around 0.
  void add(const std::string& name, std::vector<std::size_t> shape, float spread, float middle = 0) {
    std::size_t count = 1;
    for (const auto size : shape) count *= size;
    std::normal_distribution<float> draw{middle, spread};
    part one{.shape = std::move(shape), .values = {}};
    for (std::size_t i = 0; i < count; ++i) one.values.push_back(draw(random_));
    tensors_[name] = std::move(one);
  }
  void add_linear(const std::string& name, std::size_t outputs, std::size_t inputs) {
    add(name + ".weight", {outputs, inputs}, 0.15F);
    add(name + ".bias", {outputs}, 0.1F);
  }
  void add_normaliser(const std::string& name, std::size_t width) {
    add(name + ".weight", {width}, 0.1F, 1);
    add(name + ".bias", {width}, 0.1F);
  }

  [[nodiscard]] const std::map<std::string, part>& tensors() const noexcept { return tensors_; }

  /// Its bytes as safetensors has them.
  [[nodiscard]] std::string bytes() const {
    std::string table;
    std::string data;
    for (const auto& [name, one] : tensors_) {
      std::string shape;
      for (const auto size : one.shape) shape += (shape.empty() ? "" : ",") + std::to_string(size);
      const auto begin = data.size();
      data.append(reinterpret_cast<const char*>(one.values.data()), one.values.size() * sizeof(float));
      table += (table.empty() ? "{\"" : ",\"") + name + "\":{\"dtype\":\"F32\",\"shape\":[" + shape +
               "],\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(data.size()) + "]}";
    }
    table += "}";
    table.resize((table.size() + 7) / 8 * 8, ' ');
    std::string size(sizeof(std::uint64_t), '\0');
    const std::uint64_t count = table.size();
    std::memcpy(size.data(), &count, sizeof count);
    return size + table + data;
  }

  /// Writes it; the path.
  [[nodiscard]] std::string write() const {
    const auto path = folder_->file("model.safetensors");
    std::ofstream{path, std::ios::binary} << bytes();
    return path;
  }

 private:
  std::mt19937 random_{20261130};  // NOLINT: the same each time
  std::map<std::string, part> tensors_;
  std::unique_ptr<tests::temp_folder> folder_ = std::make_unique<tests::temp_folder>();
};

}  // namespace refrain::encoder::testing
