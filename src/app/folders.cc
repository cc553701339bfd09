#include "app/folders.h"

#include <string>

namespace refrain::app {
namespace {

/// A relative path in these variables is to be ignored, says the specification.
std::filesystem::path base_folder(const config::environment& from, const std::string& variable,
                                  const std::filesystem::path& below_home) {
  const auto set = from.variables.find(variable);
  if (set != from.variables.end() && set->second.starts_with('/')) return set->second;
  return from.home / below_home;
}

}  // namespace

folders folders_of(const config::environment& from) {
  return {.data = base_folder(from, "XDG_DATA_HOME", ".local/share") / "refrain",
          .state = base_folder(from, "XDG_STATE_HOME", ".local/state") / "refrain"};
}

}  // namespace refrain::app
