#pragma once

#include <string_view>

namespace refrain::app {

/// What `refrain --version` says (semantic versioning); CHANGELOG.md tells what each brought.
inline constexpr std::string_view version = "0.1.0";

}  // namespace refrain::app
