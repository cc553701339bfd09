#include "admin/auth.h"

#include <fmt/format.h>

#include <utility>

#include "base/private_file.h"
#include "base/random.h"
#include "base/text.h"
#include "base/url.h"
#include "config/secret_file.h"

namespace refrain::admin {
namespace {

using base::errc;
using base::fail;

/// A token that a person has put there may be shorter than ours, but not short enough to be tried out.
constexpr std::size_t shortest_token = 16;

/// The host of a Host header, without its port; nothing where it is not of that form.
std::optional<std::string> host_of(std::string_view header) {
  if (header.find_first_of("/?#@\\") != std::string_view::npos) return std::nullopt;
  const auto parsed = base::parse_url(fmt::format("http://{}", header));
  if (!parsed) return std::nullopt;
  return parsed->host;
}

bool is_our_host(std::string_view header, std::string_view listen_host) {
  const auto host = host_of(base::trim(header));
  return host && (base::is_loopback_host(*host) || base::equal_ignoring_case(*host, listen_host));
}

/// A page that this listener itself has served: same scheme, host and port.
bool is_own_origin(std::string_view origin, std::string_view host_header) {
  return base::equal_ignoring_case(base::trim(origin), fmt::format("http://{}", base::trim(host_header)));
}

bool shows_token(std::string_view authorization, const base::secret& wanted) noexcept {
  constexpr std::string_view scheme = "Bearer ";
  if (wanted.empty() || !base::starts_with_ignoring_case(authorization, scheme)) return false;
  return base::equal_in_constant_time(base::trim(authorization.substr(scheme.size())), wanted.reveal());
}

}  // namespace

std::filesystem::path token_file(const std::filesystem::path& state) { return state / "admin-token"; }

base::result<token> load_or_make_token(const std::filesystem::path& state, const base::secret& configured) {
  if (!configured.empty()) return token{.value = configured, .warning = {}};

  TRY(base::make_private_folder(state));
  auto fresh = base::random_hex(32);
  const auto path = token_file(state);
  // Two gateways may start at once: the second takes the token of the first.
  const auto written = TRY(base::write_private_file(path, fresh + "\n", base::if_exists::keep));
  if (written) return token{.value = base::secret{std::move(fresh)}, .warning = {}};

  token found;
  const bool was_open = TRY(base::make_private(path));
  if (was_open) {
    found.warning = fmt::format(
        "others could read the admin token in {}: it is private now; delete the file and start "
        "again to have a new one",
        path.string());
  }
  auto text = config::read_secret_file(path);
  if (!text || base::trim(*text).size() < shortest_token) {
    return fail(errc::bad_config, fmt::format("{} holds no token of {} characters or more: delete it, and the next "
                                              "start makes a new one",
                                              path.string(), shortest_token));
  }
  found.value = base::secret{std::string(base::trim(*text))};
  return found;
}

admission judge_host_and_origin(const shown_fields& who, const access_rules& at) {
  if (!who.host || !is_our_host(*who.host, at.listen_host)) return admission::misdirected;
  if (who.origin && !is_own_origin(*who.origin, *who.host)) return admission::forbidden_origin;
  return admission::allow;
}

admission judge(const shown_fields& who, const access_rules& at) {
  const auto place = judge_host_and_origin(who, at);
  if (place != admission::allow) return place;
  return who.authorization && shows_token(*who.authorization, at.token) ? admission::allow : admission::unauthorized;
}

base::error to_error(admission verdict) {
  switch (verdict) {
    case admission::misdirected:
      return {.code = errc::misdirected_host,
              .context = "the admin plane answers to localhost and to the address that it listens on"};
    case admission::forbidden_origin:
      return {.code = errc::forbidden_origin, .context = "pages of other sites may not use the admin plane"};
    case admission::unauthorized:
      return {.code = errc::unauthorized,
              .context =
                  "show the admin token: 'Authorization: Bearer TOKEN'; it stands in the file admin-token of "
                  "Refrain's state folder, unless admin.token is set"};
    case admission::allow: break;
  }
  std::unreachable();
}

}  // namespace refrain::admin
