#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace refrain::config {

/// A provider that needs no configuration but a key.
struct built_in_upstream {
  std::string_view name;
  std::string_view base_url;
  std::string_view dialect;
  bool ask_usage = false;
};

[[nodiscard]] std::span<const built_in_upstream> built_in_upstreams() noexcept;

/// The same as `settings::upstreams` begins with them.
[[nodiscard]] std::map<std::string, upstream> initial_upstreams();

/// The families of wire formats that `upstream.<name>.dialect` may name.
[[nodiscard]] std::span<const std::string_view> dialects() noexcept;

}  // namespace refrain::config
