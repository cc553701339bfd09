#include "net/accept_tls.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/connection_transport.h"

namespace refrain::net {

task<base::result<void>> accept_tls(connection& plain, std::shared_ptr<tls_context> shown,
                                    std::chrono::milliseconds limit) {
  constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
  auto& stream = plain.stream();
  stream.context = std::move(shown);
  stream.tls.emplace(stream.socket, stream.context->native());
  plain.limit(limit);
  const auto [fault] = co_await stream.tls->async_handshake(asio::ssl::stream_base::server, as_result);
  plain.clear_limit();
  if (!fault) co_return base::result<void>{};
  stream.tls.reset();
  co_return base::fail(base::errc::closed, fault.message());
}

}  // namespace refrain::net
