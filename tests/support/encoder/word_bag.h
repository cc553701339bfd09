#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "encoder/text_encoder.h"

namespace refrain::encoder {

/// An encoder for tests: a text's vector counts its words, so that the cosine of two texts is about the share of words
/// that they have in common. At once, on the caller's thread.
class word_bag final : public text_encoder {
 public:
  [[nodiscard]] std::size_t width() const noexcept override { return 256; }
  [[nodiscard]] std::uint64_t id() const noexcept override { return 7; }
  [[nodiscard]] vector_ptr remembered(std::string_view text) const override {
    return remembers ? vector_of(text) : nullptr;
  }
  void encode(std::string text, receiver done) override {
    ++encoded;
    if (fails) return done(base::fail(base::errc::overloaded, "too many texts wait"));
    done(vector_of(text));
  }

  bool remembers = true;
  bool fails = false;
  int encoded = 0;

 private:
  [[nodiscard]] vector_ptr vector_of(std::string_view text) const {
    std::vector<float> counts(width());
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = std::min(text.find(' ', begin), text.size());
      counts[std::hash<std::string_view>{}(text.substr(begin, end - begin)) % counts.size()] += 1;
      begin = end + 1;
    }
    float sum = 0;
    for (const auto one : counts) sum += one * one;
    for (auto& one : counts) one /= std::sqrt(std::max(sum, 1e-9F));
    return std::make_shared<const std::vector<float>>(std::move(counts));
  }
};

}  // namespace refrain::encoder
