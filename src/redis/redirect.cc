#include "redis/redirect.h"

#include <string_view>

#include "base/text.h"

namespace refrain::redis {
namespace {

/// `host:port`, where the host may be an IPv6 address without brackets, or missing.
std::optional<base::endpoint> read_node(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = base::to_integer<std::uint16_t>(text.substr(colon + 1));
  if (!port || *port == 0) return std::nullopt;
  const auto host = text.substr(0, colon);
  return base::endpoint{.host = host == "?" ? "" : std::string{host}, .port = *port};
}

std::optional<redirect> read_redirect(const reply& said) {
  if (!said.is(reply_kind::error)) return std::nullopt;
  const auto why = judge_error(said.text);
  if (why.next == remedy::ask_again) return redirect{.kind = why.what, .to = {}};
  if (why.next != remedy::follow) return std::nullopt;
  const std::string_view text = said.text;
  auto node = read_node(text.substr(text.rfind(' ') + 1));
  if (!node) return std::nullopt;
  return redirect{.kind = why.what, .to = *std::move(node)};
}

}  // namespace

std::optional<redirect> find_redirect(const std::vector<reply>& said) {
  for (const auto& one : said) {
    if (auto found = read_redirect(one)) return found;
  }
  return std::nullopt;
}

}  // namespace refrain::redis
