#include "server/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace refrain::server {
namespace {

using base::errc;
using base::fail;

struct own_path {
  std::string_view path;
  route_kind what;
};
constexpr std::array own_paths{own_path{"/healthz", route_kind::healthz}, own_path{"/readyz", route_kind::readyz},
                               own_path{"/metrics", route_kind::metrics}, own_path{"/", route_kind::welcome}};

/// The target without scheme and authority, which only requests to proxies should have (RFC 9112, section 3.2.2).
std::string_view origin_form(std::string_view target) {
  if (target.starts_with('/')) return target;
  const auto scheme = target.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto path = target.find('/', scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

/// A path as a lenient server reads it: escapes undone where they are any, backslashes turned round.
std::string as_read(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    const auto escaped = path.starts_with('%') ? base::percent_decode(path.substr(0, 3)) : std::nullopt;
    plain += escaped ? *escaped : std::string(path.substr(0, 1));
    path.remove_prefix(escaped ? 3 : 1);
  }
  std::ranges::replace(plain, '\\', '/');
  return plain;
}

/// A `..` could climb out of the path below which an upstream's API stands, however it is spelt: escaped, behind a
/// backslash, with parameters. Servers differ in what they make of these.
bool climbs(std::string_view path) {
  if (!path.contains("..") && !path.contains('%')) return false;
  const auto plain = as_read(path);
  return std::ranges::any_of(base::split(plain, '/'),
                             [](std::string_view segment) { return segment.substr(0, segment.find(';')) == ".."; });
}

bool begins_with_segment(std::string_view path, std::string_view segment) {
  return path.starts_with(segment) && (path.size() == segment.size() || path[segment.size()] == '/');
}

base::error unknown(std::string_view path, const gateway::site& at) {
  std::string names;
  for (const auto& [name, one] : at.upstreams) names.append(names.empty() ? "" : ", ").append(name);
  return {
      .code = errc::unknown_upstream,
      .context = fmt::format("'{}' leads nowhere: use /v1/... for the default upstream ({}), or /<upstream>/... with "
                             "one of {}",
                             base::shorten(path, 80), at.settings.server.default_upstream, names)};
}

}  // namespace

base::result<routed> route(const http::request_head& head, const gateway::site& at) {
  // It would show the client what the gateway adds (RFC 9110, section 9.3.8).
  if (head.method == "TRACE") return fail(errc::method_not_allowed, "TRACE is not answered here");
  const auto target = origin_form(head.target);
  if (target.empty()) return fail(errc::malformed_request, "the request target is no path");
  const auto mark = std::min(target.find('?'), target.size());
  auto path = target.substr(0, mark);
  const auto query = mark < target.size() ? target.substr(mark + 1) : std::string_view{};

  if (const auto* const own = std::ranges::find(own_paths, path, &own_path::path); own != own_paths.end()) {
    return routed{.what = own->what};
  }
  if (climbs(path)) return fail(errc::malformed_request, "the path holds '..'");

  const gateway::upstream* to = nullptr;
  if (begins_with_segment(path, "/v1")) {
    to = &at.upstreams.at(at.settings.server.default_upstream);
  } else {
    const auto end = std::min(path.find('/', 1), path.size());
    const auto named = at.upstreams.find(path.substr(1, end - 1));
    if (named == at.upstreams.end()) return fail(unknown(path, at));
    to = &named->second;
    path.remove_prefix(end);
  }
  constexpr std::string_view version = "/v1";
  if (begins_with_segment(path, version) && to->base.path.ends_with(version)) path.remove_prefix(version.size());
  return routed{
      .what = route_kind::upstream,
      .to = {.to = to, .endpoint = provider::find_endpoint(to->family->name, path), .path = path, .query = query}};
}

}  // namespace refrain::server
