#include <pwd.h>
#include <unistd.h>

#include <string_view>
#include <system_error>

#include "config/load.h"

namespace refrain::config {

environment process_environment() {
  environment own;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view line = *each;
    const auto equals = line.find('=');
    if (equals != std::string_view::npos) own.variables.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  std::error_code fault;
  own.working_directory = std::filesystem::current_path(fault);
  if (const auto home = own.variables.find("HOME"); home != own.variables.end() && !home->second.empty()) {
    own.home = home->second;
  } else if (const auto* const user = getpwuid(getuid())) {
    own.home = user->pw_dir;
  }
  own.on_terminal = isatty(STDERR_FILENO) == 1;
  return own;
}

}  // namespace refrain::config
