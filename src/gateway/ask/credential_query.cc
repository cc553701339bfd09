#include "gateway/ask/credential_query.h"

#include <algorithm>

#include "base/query.h"
#include "base/text.h"
#include "cache/tenant.h"

namespace refrain::gateway {
namespace {

/// Takes the piece that the query begins with, and the separator after it.
std::string_view take_piece(std::string_view& query) noexcept {
  const auto piece = query.substr(0, query.find('&'));
  query.remove_prefix(std::min(piece.size() + 1, query.size()));
  return piece;
}

/// Percent-decoded, where it can be.
std::string value_of(std::string_view piece) {
  const auto value = piece.substr(std::min(piece.find('='), piece.size() - 1) + 1);
  return base::percent_decode(value).value_or(std::string(value));
}

/// Which of the names a piece has; as many as there are where it has none.
std::size_t name_of(std::string_view piece, std::span<const std::string_view> names) {
  const auto name = base::normalise_escapes(piece.substr(0, piece.find('=')));
  return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

}  // namespace

std::vector<std::string> credentials_in(std::string_view query, std::span<const std::string_view> names) {
  std::vector<std::string> found(names.size());
  while (!names.empty() && !query.empty()) {
    const auto piece = take_piece(query);
    const auto at = name_of(piece, names);
    if (at == names.size()) continue;
    auto& credential = found[at];
    if (!credential.empty()) credential.push_back('&');
    credential.append(value_of(piece));
  }
  return found;
}

std::string without_credentials(std::string_view query, std::span<const std::string_view> names, std::uint32_t kept,
                                const std::map<std::string, config::client_settings>* clients) {
  std::string rest;
  while (!query.empty()) {
    const auto piece = take_piece(query);
    const auto at = name_of(piece, names);
    if (at < names.size() && (kept >> at & 1) == 0) continue;
    if (clients != nullptr && cache::is_client_key(value_of(piece), *clients)) continue;
    if (!rest.empty()) rest.push_back('&');
    rest.append(piece);
  }
  return rest;
}

}  // namespace refrain::gateway
