#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/url.h"
#include "config/settings.h"
#include "http/client.h"
#include "provider/registry.h"

namespace refrain::gateway {

/// One upstream, ready for use.
struct upstream {
  std::string name;
  base::digest256 identity;  ///< cache::upstream_identity
  const provider::family* family = nullptr;
  base::url base;
  std::string authority;  ///< for the Host header
  http::route route;
  base::secret key;  ///< to lend; empty: none
  bool ask_usage = false;
  std::vector<std::string> ignore_members;        ///< cache.ignore_members and its own
  std::optional<config::semantic_mode> semantic;  ///< nothing: verified where an encoder is installed
  double semantic_threshold = 0;
  std::chrono::seconds stale_while_revalidate{0};
  std::chrono::seconds stale_if_error{0};
};

/// The configuration as requests meet it: parsed, checked, immutable. A reload makes a new one; requests under way keep
/// theirs.
struct site {
  config::settings settings;
  std::map<std::string, upstream, std::less<>> upstreams;
  bool beyond_loopback = false;
};

/// Fails with bad_config, naming the setting: a base URL that is none, a dialect that is not known, a default upstream
/// that is not configured, keys that would be lent to other machines.
[[nodiscard]] base::result<std::shared_ptr<const site>> make_site(config::settings settings);

/// Whether `host` is reached without the proxy (the usual reading of NO_PROXY: `*`, exact names, and suffixes after a
/// dot).
[[nodiscard]] bool bypasses_proxy(std::string_view host, std::span<const std::string> no_proxy) noexcept;

}  // namespace refrain::gateway
