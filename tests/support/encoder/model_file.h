#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support/temp_folder.h"

namespace refrain::encoder::testing {

struct bert_size {
  std::size_t words = 0;
  std::size_t longest = 0;
  std::size_t width = 0;
  std::size_t wide = 0;
  std::size_t layers = 1;
};

/// For tests: a model of random weights, the same each time, and its file.
class model_file {
 public:
  struct part {
    std::vector<std::size_t> shape;
    std::vector<float> values;
    bool is_bytes = false;  ///< I8 rather than F32
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

  /// The same in bytes, with a scale for each output.
  void add_linear_of_bytes(const std::string& name, std::size_t outputs, std::size_t inputs) {
    add(name + ".weight", {outputs, inputs}, 40);
    auto& weight = tensors_[name + ".weight"];
    weight.is_bytes = true;
    for (float& x : weight.values) x = std::clamp(std::round(x), -127.F, 127.F);
    add(name + ".scale", {outputs}, 0.0005F, 0.004F);
    add(name + ".bias", {outputs}, 0.1F);
  }
  /// All of BERT.
  void add_bert(const bert_size& of) {
    add("embeddings.word_embeddings.weight", {of.words, of.width}, 0.5F);
    add("embeddings.position_embeddings.weight", {of.longest, of.width}, 0.2F);
    add("embeddings.token_type_embeddings.weight", {2, of.width}, 0.2F);
    add_normaliser("embeddings.LayerNorm", of.width);
    for (std::size_t i = 0; i < of.layers; ++i) {
      const auto layer = "encoder.layer." + std::to_string(i) + ".";
      for (const auto* part : {"query", "key", "value"}) {
        add_linear(layer + "attention.self." + part, of.width, of.width);
      }
      add_linear(layer + "attention.output.dense", of.width, of.width);
      add_normaliser(layer + "attention.output.LayerNorm", of.width);
      add_linear(layer + "intermediate.dense", of.wide, of.width);
      add_linear(layer + "output.dense", of.width, of.wide);
      add_normaliser(layer + "output.LayerNorm", of.width);
    }
  }
  /// With the numbers that its bytes stand for.
  model_file& in_numbers() {
    for (auto& [name, one] : tensors_) {
      if (!std::exchange(one.is_bytes, false)) continue;
      const auto& scales = tensors_.at(name.substr(0, name.rfind('.')) + ".scale").values;
      for (std::size_t i = 0; i < one.values.size(); ++i) one.values[i] *= scales[i / one.shape[1]];
    }
    return *this;
  }
  /// What the file says of itself.
  void describe(const std::string& name, const std::string& text) { about_[name] = text; }

  [[nodiscard]] const std::map<std::string, part>& tensors() const noexcept { return tensors_; }

  /// Its bytes as safetensors has them.
  [[nodiscard]] std::string bytes() const {
    std::string table = "{\"__metadata__\":{";
    for (const auto& [name, text] : about_) {
      table += (name == about_.begin()->first ? "\"" : ",\"") + name + "\":\"" + text + "\"";
    }
    table += "}";
    std::string data;
    for (const auto& [name, one] : tensors_) {
      std::string shape;
      for (const auto size : one.shape) shape += (shape.empty() ? "" : ",") + std::to_string(size);
      data.resize((data.size() + sizeof(float) - 1) / sizeof(float) * sizeof(float));
      const auto begin = data.size();
      if (one.is_bytes) {
        for (const float x : one.values) data.push_back(static_cast<char>(x));
      } else {
        data.append(reinterpret_cast<const char*>(one.values.data()), one.values.size() * sizeof(float));
      }
      table += ",\"" + name + "\":{\"dtype\":\"" + (one.is_bytes ? "I8" : "F32") + "\",\"shape\":[" + shape +
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
  std::map<std::string, std::string> about_;
  std::unique_ptr<tests::temp_folder> folder_ = std::make_unique<tests::temp_folder>();
};

}  // namespace refrain::encoder::testing
