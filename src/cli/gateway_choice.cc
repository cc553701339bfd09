#include "cli/gateway_choice.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/url.h"
#include "config/settings.h"

namespace refrain::cli {
namespace {

bool is_on_default_port(const app::running& one) {
  const auto address = base::parse_url(one.data_plane);
  return address && address->port == config::settings{}.server.listen.port;
}

}  // namespace

base::result<std::optional<app::running>> choose_gateway(const std::vector<app::running>& all) {
  std::vector<app::running> reachable;
  std::ranges::copy_if(all, std::back_inserter(reachable), [](const auto& one) { return !one.admin_plane.empty(); });
  if (reachable.empty()) return std::nullopt;
  if (reachable.size() == 1) return reachable.front();
  if (std::ranges::count_if(reachable, is_on_default_port) == 1) {
    return *std::ranges::find_if(reachable, is_on_default_port);
  }
  std::string list;
  for (const auto& one : reachable) {
    list += fmt::format("\n  --admin-url http://{}   process {}, serving {}, {}", one.admin_plane, one.pid,
                        one.data_plane, one.store);
  }
  return base::fail(base::errc::bad_usage, "several gateways run here; choose one:" + list);
}

}  // namespace refrain::cli
