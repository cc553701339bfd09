#include "encoder/installed.h"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

#include "base/digest.h"
#include "encoder/mapped_file.h"

namespace refrain::encoder {
namespace {

using base::errc;
using base::fail;
namespace fs = std::filesystem;

std::string names_of_all() {
  std::string names;
  for (const auto& one : known_encoders()) names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
  return names;
}

}  // namespace

fs::path folder_of(const known_encoder& model, const fs::path& data) {
  const char* const named = std::getenv("REFRAIN_ENCODER_FOLDER");
  if (named != nullptr && *named != '\0') return named;
  return data.empty() ? data : data / "encoders" / model.name;
}

base::result<installed> find_installed(std::string_view name, const fs::path& data) {
  const auto* const model = find_encoder(name);
  if (model == nullptr) {
    return fail(errc::bad_config, fmt::format("there is no encoder {}; there are: {}", name, names_of_all()));
  }
  const auto folder = folder_of(*model, data);
  for (const auto& file : model->files) {
    std::error_code fault;
    const auto size = fs::file_size(folder / file.name, fault);
    if (fault || folder.empty()) {
      return fail(errc::not_found, fmt::format("the encoder {0} is not installed: refrain encoder pull {0}", name));
    }
    if (size != file.size) {
      return fail(errc::bad_config, fmt::format("{} has {} bytes, not {}: refrain encoder pull {}",
                                                (folder / file.name).string(), size, file.size, name));
    }
  }
  return installed{.folder = folder.string(),
                   .rules = model->rules,
                   .id = model->id(),
                   .only_latin = model->only_latin,
                   .weights = std::string{model->weights()}};
}

base::result<void> verify(const known_file& file, const fs::path& path) {
  const auto found = TRY(mapped_file::open(path.string()));
  const auto size = found.bytes().size();
  if (size != file.size) {
    return fail(errc::bad_config, fmt::format("{} has {} bytes, not {}", path.string(), size, file.size));
  }
  const auto hash = base::sha256(found.bytes()).hex();
  if (hash == file.sha256) return {};
  return fail(errc::bad_config, fmt::format("{} has the SHA-256 {}, not {}", path.string(), hash, file.sha256));
}

base::result<void> verify(const known_encoder& model, const fs::path& folder) {
  for (const auto& file : model.files) TRY(verify(file, folder / file.name));
  return {};
}

}  // namespace refrain::encoder
