// What of a .env is nobody else's to read: told by names, and by values that give themselves away.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "cli/doctor/checks.h"

namespace refrain::cli {
namespace {

bool is_secret_name(std::string_view name) {
  static constexpr std::array<std::string_view, 8> marks{"KEY",    "TOKEN",      "SECRET", "PASSWORD",
                                                         "PASSWD", "CREDENTIAL", "APIKEY", "PASSPHRASE"};
  const auto upper = base::to_upper(name);
  return std::ranges::any_of(marks, [&](auto mark) { return upper.contains(mark); });
}

/// `scheme://user:password@host`, and tokens in the place of a user.
bool has_userinfo(std::string_view value) {
  constexpr std::size_t shortest_token = 16;
  for (auto at = value.find("://"); at != std::string_view::npos; at = value.find("://", at + 3)) {
    auto authority = value.substr(at + 3);
    authority = authority.substr(0, authority.find_first_of("/?# \t,"));
    const auto end = authority.rfind('@');
    if (end == std::string_view::npos) continue;
    const auto user = authority.substr(0, end);
    const auto colon = user.find(':');
    if (colon == std::string_view::npos ? user.size() >= shortest_token : colon + 1 < user.size()) return true;
  }
  return false;
}

/// `password=...` in a query, or in the words of a database's address.
bool assigns_secret(std::string_view value) {
  static constexpr std::array<std::string_view, 8> names{
      "password=", "passwd=", "pwd=", "api_key=", "api-key=", "apikey=", "token=", "secret="};
  static constexpr std::string_view ends = "&; \t";
  const auto lower = base::to_lower(value);
  return std::ranges::any_of(names, [&](std::string_view name) {
    const auto at = lower.find(name);
    if (at == std::string::npos) return false;
    const auto behind = at + name.size();
    return behind < lower.size() && !ends.contains(lower[behind]);
  });
}

/// As providers mark the keys that they give.
bool begins_like_a_key(std::string_view value) {
  static constexpr std::array<std::string_view, 18> beginnings{
      "sk-",  "sk_",  "pk-",         "rk_",    "gsk_",  "xai-",  "AIza",  "hf_",     "ghp_",
      "gho_", "AKIA", "github_pat_", "glpat-", "xoxb-", "xoxp-", "pplx-", "Bearer ", "Basic "};
  constexpr std::size_t shortest_key = 12;
  const auto begins = [&](std::string_view one) { return base::starts_with_ignoring_case(value, one); };
  const bool is_token = value.starts_with("eyJ") && std::ranges::count(value, '.') == 2;
  return (value.size() >= shortest_key && std::ranges::any_of(beginnings, begins)) || is_token;
}

}  // namespace

bool holds_secret(std::string_view name, std::string_view value) {
  if (value.empty()) return false;
  return is_secret_name(name) || has_userinfo(value) || assigns_secret(value) || begins_like_a_key(value) ||
         value.contains("PRIVATE KEY-----");
}

}  // namespace refrain::cli
