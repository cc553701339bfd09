#include "app/folders.h"

#include <string>

namespace refrain::app {
namespace {

/// A relative path in these variables is to be ignored, says the specification.
std::filesystem::path base_folder(const config::environment& from, const std::string& variable,
                                  const std::filesystem::path& below_home) {
  const auto set = from.variables.find(variable);
  if (set != from.variables.end() && set->second.starts_with('/'))
    return std::filesystem::path{set->second} / "refrain";
  // Without a home it would be wherever somebody happens to stand.
  return from.home.empty() ? std::filesystem::path{} : from.home / below_home / "refrain";
}

}  // namespace

folders folders_of(const config::environment& from) {
  return {.data = base_folder(from, "XDG_DATA_HOME", ".local/share"),
          .state = base_folder(from, "XDG_STATE_HOME", ".local/state")};
}

}  // namespace refrain::app
