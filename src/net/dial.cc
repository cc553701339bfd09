#include "net/dial.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "net/connection_transport.h"

namespace refrain::net {
namespace {

using asio::ip::tcp;
using base::errc;
using base::fail;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::string why_tls_failed(connection::transport::tls_stream& stream, const error_code& fault) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
  if (fault == asio::error::eof || fault == asio::ssl::error::stream_truncated) {
    return "the connection ended during the handshake; is it a plain-text port?";
  }
  return fault.message();
}

std::optional<asio::ip::address> as_address(const std::string& host) {
  error_code fault;
  const auto address = asio::ip::make_address(host, fault);
  if (fault) return std::nullopt;
  return address;
}

/// A name's look-up. getaddrinfo cannot be cancelled: after the time limit it is left to end by itself.
struct look_up {
  look_up(loop& home, std::chrono::milliseconds limit) : resolver(home.context()), done(home.context(), limit) {}
  tcp::resolver resolver;
  asio::steady_timer done;  ///< cancelled at its end
  std::optional<error_code> fault;
  tcp::resolver::results_type found;
};

task<base::result<std::vector<tcp::endpoint>>> addresses_of(loop& home, destination where) {
  if (const auto address = as_address(where.host)) co_return std::vector{tcp::endpoint{*address, where.port}};
  auto asked = std::make_shared<look_up>(home, where.limit);
  asked->resolver.async_resolve(where.host, std::to_string(where.port), [asked](error_code fault, auto found) {
    asked->fault = fault;
    asked->found = std::move(found);
    asked->done.cancel();
  });
  (void)co_await asked->done.async_wait(as_result);
  if (!asked->fault) co_return fail(errc::upstream_timeout, fmt::format("looking up {} took too long", where.host));
  if (*asked->fault) {
    co_return fail(errc::upstream_unreachable,
                   fmt::format("cannot look up {}: {}", where.host, asked->fault->message()));
  }
  co_return std::vector<tcp::endpoint>(asked->found.begin(), asked->found.end());
}

/// Whether a certificate can be held against it: not a scoped address (RFC 4007), which no certificate bears.
bool can_be_compared(const std::string& host) {
  if (!as_address(host)) return !host.empty();
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> bytes{a2i_IPADDRESS(host.c_str()),
                                                                                    &ASN1_OCTET_STRING_free};
  return bytes != nullptr;
}

/// The name to ask for; SNI carries names only (RFC 6066, section 3). nullptr: none.
const std::string* name_to_ask_for(const destination& where) {
  if (!as_address(where.host)) return &where.host;
  const auto name = std::ranges::find_if(where.other_names, [](const auto& one) { return !as_address(one); });
  return name == where.other_names.end() ? nullptr : &*name;
}

bool ask_for_name(SSL* handle, const destination& where) {
  const auto* const name = name_to_ask_for(where);
  return name == nullptr || SSL_set_tlsext_host_name(handle, name->c_str()) == 1;
}

bool bears(X509* certificate, const std::string& host) {
  if (as_address(host)) return X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
  return X509_check_host(certificate, host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

/// Has the verifier hold the server's own certificate, once its chain is good, against where we meant to go. By itself
/// it can be told of names or of an address, not of either. False where it cannot be had to: nothing may then be sent.
bool expect_names(connection::transport::tls_stream& stream, const destination& where) {
  const auto judge = [where](bool good, asio::ssl::verify_context& now) {
    auto* const chain = now.native_handle();
    if (!good || X509_STORE_CTX_get_error_depth(chain) != 0) return good;
    auto* const shown = X509_STORE_CTX_get_current_cert(chain);
    const auto is_borne = [shown](const std::string& name) { return bears(shown, name); };
    if (is_borne(where.host) || std::ranges::any_of(where.other_names, is_borne)) return true;
    X509_STORE_CTX_set_error(chain,
                             as_address(where.host) ? X509_V_ERR_IP_ADDRESS_MISMATCH : X509_V_ERR_HOSTNAME_MISMATCH);
    return false;
  };
  error_code fault;
  stream.set_verify_callback(judge, fault);
  return !fault;
}

task<base::result<std::unique_ptr<connection>>> dial_locally(loop& home, destination where) {
  using local = asio::local::stream_protocol;
  constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;  // unix(7)
  if (where.socket_path.size() > longest_path) {
    co_return fail(errc::upstream_unreachable,
                   fmt::format("{} is too long for a unix socket: at most {} bytes", where.to_string(), longest_path));
  }
  local::socket socket{home.context()};
  const local::endpoint there{where.socket_path};
  // Nothing to wait for: a server whose queue is full refuses at once.
  error_code fault;
  socket.connect(there, fault);
  if (fault) {
    co_return fail(errc::upstream_unreachable,
                   fmt::format("cannot connect to {}: {}", where.to_string(), fault.message()));
  }
  socket.non_blocking(true, fault);
  co_return std::make_unique<connection>(home, std::make_unique<connection::transport>(std::move(socket)));
}

/// Notices a peer that vanished, and keeps the entry of a NAT on the way alive: tcp(7).
void keep_alive(tcp::socket& socket) {
  using asio::detail::socket_option::integer;
  error_code ignored;
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.set_option(integer<IPPROTO_TCP, TCP_KEEPIDLE>(60), ignored);
  socket.set_option(integer<IPPROTO_TCP, TCP_KEEPINTVL>(15), ignored);
  socket.set_option(integer<IPPROTO_TCP, TCP_KEEPCNT>(3), ignored);
}

}  // namespace

std::string destination::to_string() const {
  return socket_path.empty() ? fmt::format("{}:{}", host, port) : socket_path;
}

task<base::result<std::unique_ptr<connection>>> dial(loop& home, destination where) {
  if (!where.socket_path.empty()) co_return co_await dial_locally(home, std::move(where));
  const auto began = std::chrono::steady_clock::now();
  const auto addresses = co_await addresses_of(home, where);
  if (!addresses) co_return fail(addresses.error());

  const auto place = where.to_string();
  tcp::socket socket{home.context()};
  bool late = false;
  deadline limit{home.timeouts(), [&] {
                   late = true;
                   error_code ignored;
                   socket.close(ignored);
                 }};
  const auto looked_up = std::chrono::steady_clock::now() - began;
  limit.arm(where.limit - std::chrono::floor<std::chrono::milliseconds>(looked_up));
  auto [connect_fault, reached] = co_await asio::async_connect(socket, *addresses, as_result);
  if (late) co_return fail(errc::upstream_timeout, fmt::format("connecting to {} took too long", place));
  if (connect_fault) {
    co_return fail(errc::upstream_unreachable, fmt::format("cannot connect to {}: {}", place, connect_fault.message()));
  }
  prepare(socket);
  keep_alive(socket);
  co_return std::make_unique<connection>(home, std::make_unique<connection::transport>(std::move(socket)));
}

task<base::result<void>> start_tls(connection& plain, std::shared_ptr<tls_context> trust, destination where,
                                   std::chrono::milliseconds limit) {
  auto& stream = plain.stream();
  stream.context = std::move(trust);
  stream.tls.emplace(stream.socket, stream.context->native());
  auto* const handle = stream.tls->native_handle();
  const auto failed = [&](std::string_view why) {
    return fail(errc::upstream_tls, fmt::format("TLS with {}: {}", where.host, why));
  };
  const bool checked = stream.context->checks_host();
  const bool ready =
      ask_for_name(handle, where) && (!checked || (can_be_compared(where.host) && expect_names(*stream.tls, where)));
  if (!ready) co_return failed("a certificate cannot be checked for this host");

  plain.limit(limit);
  const auto [fault] = co_await stream.tls->async_handshake(asio::ssl::stream_base::client, as_result);
  plain.clear_limit();
  if (plain.timed_out()) {
    co_return fail(errc::upstream_timeout, fmt::format("the TLS handshake with {} took too long", where.host));
  }
  if (fault) co_return failed(why_tls_failed(*stream.tls, fault));
  co_return base::result<void>{};
}

}  // namespace refrain::net
