#include "admin/reply.h"

#include <array>

namespace refrain::admin {
namespace {

struct content_row {
  std::string_view type;
  std::string_view policy;  ///< Content-Security-Policy (W3C CSP 3)
};

constexpr std::string_view nothing = "default-src 'none'; frame-ancestors 'none'";

/// By content.
constexpr std::array contents{
    content_row{"application/json", nothing},
    content_row{"text/plain; charset=utf-8", nothing},
    // Pages load what the plane itself serves, and talk to nobody else.
    content_row{"text/html; charset=utf-8",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
};

}  // namespace

http::reply_head head_of(int status, content type) {
  const auto& row = contents[static_cast<std::size_t>(type)];
  http::reply_head head{.status = status, .fields = {}};
  head.add("Date", http::date_now());
  head.add("Content-Type", row.type);
  head.add("Cache-Control", "no-store");
  head.add("Content-Security-Policy", row.policy);
  head.add("X-Content-Type-Options", "nosniff");
  head.add("Referrer-Policy", "no-referrer");
  head.add("Cross-Origin-Resource-Policy", "same-origin");
  return head;
}

net::task<> send(http::exchange& with, reply what) {
  auto head = head_of(what.status, what.type);
  for (const auto& [name, value] : what.headers) head.add(name, value);
  (void)co_await with.send(head, std::string_view{what.body});
}

}  // namespace refrain::admin
