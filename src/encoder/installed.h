#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "encoder/manifest.h"

namespace refrain::encoder {

/// A model that lies on this machine.
struct installed {
  std::string folder;
  model_rules rules;
  std::uint64_t id = 0;    ///< known_encoder::id
  bool only_latin = true;  ///< known_encoder::only_latin
  std::string weights;     ///< known_encoder::weights: what pair_scorer::encoder is held against
};

/// Where a model's files lie, or will: `encoders/NAME` below the program's folder for data, or the folder that the
/// variable REFRAIN_ENCODER_FOLDER names. Empty where there is neither.
[[nodiscard]] std::filesystem::path folder_of(const known_encoder& model, const std::filesystem::path& data);

/// Finds a model by its name. Files are told by their sizes: hashing them takes a tenth of a second (`verify`). Errors:
/// bad_config where no model has that name, or a file is of another size; not_found where it is not installed.
[[nodiscard]] base::result<installed> find_installed(std::string_view name, const std::filesystem::path& data);

/// Whether a file is what it should be, to the bit. Errors: not_found, io; bad_config where it is another.
[[nodiscard]] base::result<void> verify(const known_file& file, const std::filesystem::path& path);
/// The same for all files of a model in a folder.
[[nodiscard]] base::result<void> verify(const known_encoder& model, const std::filesystem::path& folder);

}  // namespace refrain::encoder
