#include "gateway/sources/request_head.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cache/directives.h"
#include "gateway/ask/credential_query.h"

namespace refrain::gateway {
namespace {

constexpr std::array<std::string_view, 9> hop_by_hop{"connection",          "keep-alive", "proxy-connection",
                                                     "proxy-authorization", "te",         "trailer",
                                                     "transfer-encoding",   "upgrade",    "proxy-authenticate"};

/// Speaks of the upstream's own ports and protocols (RFC 7838), which are not the gateway's.
bool is_of_the_origin(std::string_view name) noexcept { return base::equal_ignoring_case(name, "alt-svc"); }

bool is_one_of(std::string_view name, std::span<const std::string_view> names) noexcept {
  return std::ranges::any_of(names, [name](std::string_view one) { return base::equal_ignoring_case(name, one); });
}

/// Written anew for the next hop: framing, Host, and what the gateway answers itself.
bool is_rewritten(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 3> names{"host", "content-length", "expect"};
  return is_one_of(name, names);
}

/// Asks for a part of an answer, or for nothing new: what is recorded must be the whole.
bool is_partial(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 6> names{"range",    "if-range",          "if-none-match",
                                                         "if-match", "if-modified-since", "if-unmodified-since"};
  return is_one_of(name, names);
}

void add(std::string& head, std::string_view name, std::string_view value, std::string_view rest = {}) {
  head.append(name).append(": ").append(value).append(rest).append("\r\n");
}

void add_credential(std::string& head, const upstream& to, http::fields_view fields, const cache::identity& who) {
  if (who.credential == cache::credential_source::lent) {
    const auto& scheme = to.family->credential_scheme;
    add(head, to.family->credential_header, scheme.empty() ? "" : std::string(scheme) + ' ', to.key.reveal());
    return;
  }
  const auto& names = to.family->credential_headers;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((who.forwarded >> i & 1) == 0) continue;
    if (const auto value = http::find_field(fields, names[i])) add(head, names[i], *value);
  }
}

/// The client's, less the credentials that stay behind.
std::string query_of(const upstream& to, const outgoing& out, const cache::identity& who) {
  const auto& names = to.family->credential_parameters;
  const bool own = who.credential == cache::credential_source::own;
  const auto kept = own ? who.forwarded >> to.family->credential_headers.size() : 0;
  if (names.empty() && out.clients == nullptr) return std::string(out.query);
  return without_credentials(out.query, names, kept, out.clients);
}

}  // namespace

bool is_hop_by_hop(std::string_view name) noexcept { return is_one_of(name, hop_by_hop); }

std::string write_head(const upstream& to, const outgoing& out, http::fields_view fields, const cache::identity& who,
                       std::string_view via) {
  std::string head;
  head.reserve(1024);
  head.append(out.method).append(" ").append(to.base.path).append(out.path);
  if (to.base.path.empty() && out.path.empty()) head.append("/");
  if (const auto query = query_of(to, out, who); !query.empty()) head.append("?").append(query);
  head.append(" HTTP/1.1\r\n");
  add(head, "Host", to.authority);

  for (const auto& [name, value] : fields) {
    if (is_hop_by_hop(name) || is_rewritten(name) || is_one_of(name, to.family->credential_headers)) continue;
    if (out.cached_endpoint ? cache::is_gateway_header(name) : cache::is_own_header(name)) continue;
    if (out.cached_endpoint && (base::equal_ignoring_case(name, "accept-encoding") || is_partial(name))) continue;
    if (out.clients != nullptr && cache::is_client_key(value, *out.clients)) continue;
    add(head, name, value);
  }
  if (out.cached_endpoint) add(head, "Accept-Encoding", "identity");
  add_credential(head, to, fields, who);
  add(head, "Via", "1.1 ", via);
  if (out.length) add(head, "Content-Length", std::to_string(*out.length));
  if (out.chunked) add(head, "Transfer-Encoding", "chunked");
  if (out.websocket) {
    add(head, "Connection", "Upgrade");
    add(head, "Upgrade", "websocket");
  }
  head.append("\r\n");
  return head;
}

entry::answer_head read_answer_head(const http::response_head& head) {
  entry::answer_head answer{.status = head.status, .content_type = {}, .fields = {}, .length = {}};
  // Also where no body follows: a HEAD's answer says how long it would have been.
  if (head.find("content-length")) answer.length = head.length;
  for (const auto& [name, value] : head.fields) {
    if (is_hop_by_hop(name) || is_of_the_origin(name) || base::equal_ignoring_case(name, "content-length")) continue;
    if (base::equal_ignoring_case(name, "content-type")) {
      answer.content_type = value;
    } else {
      answer.fields.emplace_back(name, value);
    }
  }
  return answer;
}

}  // namespace refrain::gateway
