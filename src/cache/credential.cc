#include "cache/credential.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace refrain::cache {
namespace {

/// How names of credentials end whose last letter this is. All headers of every request are looked at, so it is the
/// letter that rules out nearly all.
std::span<const std::string_view> endings(char last) noexcept {
  static constexpr std::array<std::string_view, 1> d{"password"};
  static constexpr std::array<std::string_view, 1> e{"cookie"};
  static constexpr std::array<std::string_view, 1> h{"auth"};
  static constexpr std::array<std::string_view, 3> l{"credential", "principal", "-email"};
  static constexpr std::array<std::string_view, 3> n{"token", "authorization", "assertion"};
  static constexpr std::array<std::string_view, 1> r{"-user"};
  static constexpr std::array<std::string_view, 1> s{"credentials"};
  static constexpr std::array<std::string_view, 2> t{"secret", "-jwt"};
  static constexpr std::array<std::string_view, 1> y{"key"};
  switch (base::lower(last)) {
    case 'd': return d;
    case 'e': return e;
    case 'h': return h;
    case 'l': return l;
    case 'n': return n;
    case 'r': return r;
    case 's': return s;
    case 't': return t;
    case 'y': return y;
    default: return {};
  }
}

// These end like one, yet differ from request to request, or say nothing of who asks.
constexpr std::array<std::string_view, 4> harmless{"idempotency-key", "x-idempotency-key", "sec-websocket-key",
                                                   "x-cache-key"};
constexpr std::array<std::string_view, 9> passing_cookies{
    "__cf_bm", "_cfuvid", "__cfruid", "__cflb", "cf_clearance", "awsalb", "gclb", "arraffinity", "ingresscookie"};

bool ends_with(std::string_view name, std::string_view end) noexcept {
  return name.size() >= end.size() && base::equal_ignoring_case(name.substr(name.size() - end.size()), end);
}

bool is_passing(std::string_view cookie) noexcept {
  return std::ranges::any_of(passing_cookies,
                             [cookie](auto one) { return base::starts_with_ignoring_case(cookie, one); });
}

constexpr std::array<std::string_view, 5> schemes{"bearer", "token", "basic", "apikey", "key"};

}  // namespace

std::string_view strip_scheme(std::string_view value) noexcept {
  value = base::trim(value);
  const auto word = value.substr(0, value.find_first_of(" \t"));
  // A lone `key` may be a key; `Bearer` alone is what a client sends whose key is empty.
  if (!base::is_among(word, schemes) || (word.size() == value.size() && !base::equal_ignoring_case(word, "bearer")))
    return value;
  return base::trim(value.substr(word.size()));
}

bool is_credential_like(std::string_view name, std::span<const std::string> listed) noexcept {
  if (name.empty()) return false;
  if (std::ranges::any_of(endings(name.back()), [name](auto end) { return ends_with(name, end); })) {
    return !base::is_among(name, harmless);
  }
  return base::is_among(name, listed);
}

std::string identifying_cookies(std::string_view value) {
  std::string left;
  for (const auto one : base::split(value, ';')) {
    if (!is_passing(one)) left.append(left.empty() ? "" : "; ").append(one);
  }
  return left;
}

bool is_placeholder(std::string_view credential, std::span<const std::string> placeholders) noexcept {
  return credential.empty() || base::is_among(credential, placeholders);
}

}  // namespace refrain::cache
