#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "base/url.h"
#include "config/candidates.h"
#include "config/values.h"

namespace refrain::config {
namespace {

constexpr std::string_view base_url_row = "upstream.<name>.base_url";
constexpr std::string_view api_key_row = "upstream.<name>.api_key";

/// The gateway's own address as a base URL may write it.
class own_address {
 public:
  explicit own_address(settings::server_section server) : server_(std::move(server)) {}

  /// Whether the URL leads to the address that this gateway listens on.
  [[nodiscard]] bool is_met_by(const base::url& url) const {
    return url.port == server_.listen.port && is_host(url.host);
  }

  /// The same, or to the port that a gateway has by default: a gateway on another port (`refrain run` takes a free one)
  /// meets variables that were set for the one that always runs.
  [[nodiscard]] bool is_meant_by(const base::url& url) const {
    const auto usual_port = settings{}.server.listen.port;
    return is_met_by(url) || (url.port == usual_port && is_host(url.host));
  }

  [[nodiscard]] std::string to_string() const { return server_.listen.to_string(); }

 private:
  [[nodiscard]] bool is_host(std::string_view host) const {
    return base::is_loopback_host(host) || base::is_any_address(host) || host == server_.listen.host ||
           std::ranges::find(server_.hosts, host) != server_.hosts.end();
  }

  settings::server_section server_;
};

own_address own_address_of(const candidates& all) {
  settings values;
  all.write_into(values);
  return own_address(values.server);
}

std::string own_address_warning(const std::vector<std::string>& origins) {
  return fmt::format("{} point{} at Refrain itself: that is the setting of its clients, and is ignored here",
                     fmt::join(origins, ", "), origins.size() == 1 ? "s" : "");
}

}  // namespace

base::result<void> drop_own_address(candidates& all, std::vector<std::string>& warnings) {
  const auto own = own_address_of(all);
  std::vector<std::string> ignored;
  base::result<void> verdict;
  all.withdraw(base_url_row, [&](const std::string& name, const candidate& one) {
    const auto url = base::parse_url(one.text);
    if (!url) return false;
    if (!one.fixed_variable.empty() && own.is_meant_by(*url)) {
      ignored.push_back(one.origin);
      return true;
    }
    if (own.is_met_by(*url)) {
      verdict = base::fail(base::errc::bad_config,
                           fmt::format("upstream.{}.base_url{} is this gateway's own address, {}: give the provider's",
                                       name, where(one.from, one.origin), own.to_string()));
    }
    return false;
  });
  if (!ignored.empty()) warnings.push_back(own_address_warning(ignored));
  return verdict;
}

void withhold_keys(const candidates& all, settings& values, std::vector<std::string>& warnings) {
  for (auto& [name, upstream] : values.upstreams) {
    const auto* const url = all.winner(key_of(*find_row(base_url_row), name));
    const auto* const key = all.winner(key_of(*find_row(api_key_row), name));
    if (url == nullptr || url->from != source::dot_env || key == nullptr || upstream.api_key.empty()) continue;
    // A file that `.env` merely names is not in it: it may be any file that this user can read.
    if (key->from == source::dot_env && !key->through_file) continue;
    upstream.key_withheld = true;
    warnings.push_back(fmt::format(
        "the key of upstream {} ({}) is not lent to {}, because only {} names that address: put the key there too, or "
        "the address where the key is",
        name, key->origin, mask_userinfo(upstream.base_url), url->origin));
  }
}

}  // namespace refrain::config
