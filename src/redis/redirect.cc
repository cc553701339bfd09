#include "redis/redirect.h"

#include <charconv>
#include <string_view>

namespace refrain::redis {
namespace {

/// `host:port`, where the host may be an IPv6 address without brackets, or missing.
std::optional<base::endpoint> read_place(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  base::endpoint place{.host = std::string{text.substr(0, colon)}};
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data() + colon + 1, end, place.port);
  if (fault != std::errc{} || stop != end || place.port == 0) return std::nullopt;
  if (place.host == "?") place.host.clear();
  return place;
}

std::optional<redirect> read_redirect(const reply& said) {
  if (!said.is(reply_kind::error)) return std::nullopt;
  const auto kind = said.error_class();
  if (kind == "TRYAGAIN") return redirect{.kind = redirection::try_again, .to = {}};
  if (kind != "MOVED" && kind != "ASK") return std::nullopt;
  const std::string_view text = said.text;
  auto place = read_place(text.substr(text.rfind(' ') + 1));
  if (!place) return std::nullopt;
  return redirect{.kind = kind == "ASK" ? redirection::ask : redirection::moved, .to = *std::move(place)};
}

}  // namespace

std::optional<redirect> find_redirect(const std::vector<reply>& said) {
  for (const auto& one : said) {
    if (auto found = read_redirect(one)) return found;
  }
  return std::nullopt;
}

}  // namespace refrain::redis
