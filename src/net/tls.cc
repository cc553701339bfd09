#include "net/tls.h"

#include <fmt/format.h>

#include <boost/asio/ssl/context.hpp>

namespace refrain::net {

namespace ssl = boost::asio::ssl;
using base::errc;
using base::fail;

tls_context::tls_context(std::unique_ptr<ssl::context> context) : context_(std::move(context)) {}
tls_context::~tls_context() = default;

base::result<std::shared_ptr<tls_context>> tls_context::for_clients(const std::string& extra_ca_file) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  boost::system::error_code fault;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, fault);
  context->set_default_verify_paths(fault);
  if (fault) return fail(errc::upstream_tls, fmt::format("cannot read the system's CA store: {}", fault.message()));
  if (!extra_ca_file.empty()) {
    context->load_verify_file(extra_ca_file, fault);
    if (fault)
      return fail(errc::bad_config, fmt::format("cannot read the CA file {}: {}", extra_ca_file, fault.message()));
  }
  context->set_verify_mode(ssl::verify_peer, fault);
  return std::make_shared<tls_context>(std::move(context));
}

}  // namespace refrain::net
