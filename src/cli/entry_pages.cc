#include "cli/entry_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;

constexpr std::size_t largest_page = 1000;
constexpr std::size_t shortest_beginning = 8;
constexpr std::size_t digest_digits = 64;

bool is_beginning(std::string_view typed) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  return typed.size() >= shortest_beginning && typed.size() < digest_digits &&
         typed.find_first_not_of(digits) == std::string_view::npos;
}

}  // namespace

base::result<std::string> walk_entries(backend& api, const std::string& query, const visitor& each, std::string cursor,
                                       std::size_t most) {
  while (most > 0) {
    auto target = fmt::format("/api/entries?limit={}{}", std::min(most, largest_page), query);
    if (!cursor.empty()) target += "&cursor=" + base::percent_encode(cursor);
    const auto page = TRY(api.ask({.target = std::move(target)}));
    cursor = page.text("/next");
    for (const auto& row : page.list("/entries")) {
      if (!TRY(each(admin_response{row}))) return cursor;
      if (most > 0) --most;
    }
    if (cursor.empty()) break;
  }
  return cursor;
}

base::result<std::string> whole_name(backend& api, const std::string& typed) {
  const auto beginning = base::to_lower(typed);
  if (!is_beginning(beginning)) return typed;
  std::vector<std::string> found;
  (void)TRY(walk_entries(api, "", [&](const auto& row) {
    auto digest = row.text("/digest");
    if (digest.starts_with(beginning)) found.push_back(std::move(digest));
    return found.size() < 2;
  }));
  if (found.empty()) return fail(errc::not_found, fmt::format("no entry's digest begins with {}", beginning));
  if (found.size() > 1) {
    return fail(errc::bad_usage, fmt::format("several digests begin with {}: type more of it", beginning));
  }
  return found.front();
}

std::string target_of(const std::string& name) { return "/api/entries/" + base::percent_encode(name); }

}  // namespace refrain::cli
