#include "net/tls.h"

#include <fmt/format.h>

#include <boost/asio/ssl/context.hpp>

namespace refrain::net {

namespace ssl = boost::asio::ssl;
using base::errc;
using base::fail;

namespace {

base::result<void> show_certificate(ssl::context& context, const client_trust& whom) {
  boost::system::error_code fault;
  context.use_certificate_chain_file(whom.certificate_file, fault);
  if (fault) {
    return fail(errc::bad_config,
                fmt::format("cannot read the certificate {}: {}", whom.certificate_file, fault.message()));
  }
  const auto& key = whom.key_file.empty() ? whom.certificate_file : whom.key_file;
  context.use_private_key_file(key, ssl::context::pem, fault);
  if (fault) return fail(errc::bad_config, fmt::format("cannot read the key {}: {}", key, fault.message()));
  return {};
}

}  // namespace

tls_context::tls_context(std::unique_ptr<ssl::context> context, bool check_host)
    : context_(std::move(context)), check_host_(check_host) {}
tls_context::~tls_context() = default;

base::result<std::shared_ptr<tls_context>> tls_context::for_clients(const client_trust& whom) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  boost::system::error_code fault;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, fault);
  context->set_default_verify_paths(fault);
  if (fault) return fail(errc::upstream_tls, fmt::format("cannot read the system's CA store: {}", fault.message()));
  if (!whom.ca_file.empty()) {
    context->load_verify_file(whom.ca_file, fault);
    if (fault)
      return fail(errc::bad_config, fmt::format("cannot read the CA file {}: {}", whom.ca_file, fault.message()));
  }
  if (!whom.certificate_file.empty()) {
    if (auto shown = show_certificate(*context, whom); !shown) return fail(shown.error());
  }
  context->set_verify_mode(whom.verify ? ssl::verify_peer : ssl::verify_none, fault);
  return std::make_shared<tls_context>(std::move(context), whom.verify && whom.check_host);
}

}  // namespace refrain::net
