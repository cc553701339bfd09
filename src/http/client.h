#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/url.h"
#include "http/body.h"
#include "http/head.h"
#include "http/input.h"
#include "net/connection.h"
#include "net/dial.h"

namespace refrain::http {

/// Where requests go: an origin, and the way there.
struct route {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
  std::optional<base::url> proxy;  ///< asked to tunnel (CONNECT, RFC 9110, section 9.3.6)

  /// What two requests must share to use one connection.
  [[nodiscard]] std::string pool_key() const;
};

struct client_limits {
  std::chrono::milliseconds connect{5'000};       ///< TCP, and as long again for TLS
  std::chrono::milliseconds first_byte{600'000};  ///< to the head's end; reasoning models think for minutes
  std::chrono::milliseconds idle{300'000};        ///< between two reads of an answer
  std::chrono::milliseconds kept{55'000};         ///< an unused connection; servers drop theirs after 60 s and more
  std::size_t kept_per_origin = 64;
  head_limits head{.bytes = 64 << 10, .fields = 200};
};

class client;

/// One request and its answer on one connection. Destroying it early closes the connection; at its clean end the
/// connection goes back to the pool.
class call {
 public:
  call(client& from, std::string pool_key, std::unique_ptr<net::connection> over, bool reused);
  ~call();
  call(const call&) = delete;
  call& operator=(const call&) = delete;

  /// Writes up to three pieces in one go: head and body, or a chunk with its line and its end.
  [[nodiscard]] net::task<base::result<void>> write(std::string_view first, std::string_view second = {},
                                                    std::string_view third = {});

  /// Waits for the answer's head, `first_byte` for the whole of it; interim answers (1xx) are swallowed. `to_head`: the
  /// request was a HEAD. The head lives as long as the call. Errors: upstream_timeout, upstream_protocol,
  /// upstream_closed (with `retry` where nothing at all had arrived on a connection that was used before).
  ///
  /// A 101 is an answer only to a request that has asked for it: see expect_switch.
  [[nodiscard]] net::task<base::result<const response_head*>> read_head(bool to_head);

  /// The next run of the answer's body, valid until the next call; empty at its clean end. Errors as above.
  [[nodiscard]] net::task<base::result<std::string_view>> read_some();

  /// The request asks for another protocol. Where the answer is 101, read_some then gives the bytes of that protocol as
  /// they come, those behind the head first, and waits for them without limit; empty at the end of the stream.
  void expect_switch() noexcept { may_switch_ = true; }
  /// Nothing more will be written; reading goes on.
  [[nodiscard]] net::task<> end_writing();

  /// Whether read_some has something to look at without waiting.
  [[nodiscard]] bool at_hand() const noexcept { return body_.done() || !arrived_.empty() || !later_.empty(); }

  /// Whether the body's end has arrived: read_some would return empty without waiting.
  [[nodiscard]] bool at_end();

  /// Ends it at once, from the loop's thread; what is under way ends with an error.
  void cancel() noexcept { over_->close(); }

  /// The whole request was written: without this, the connection is not used again.
  void sent() noexcept { sent_ = true; }
  [[nodiscard]] bool reused() const noexcept { return reused_; }

 private:
  [[nodiscard]] net::task<base::result<const response_head*>> read_head_in_time(bool to_head);
  [[nodiscard]] net::task<base::result<bool>> fill();
  [[nodiscard]] base::error fault(base::error why) const;

  client& from_;
  std::string pool_key_;
  std::unique_ptr<net::connection> over_;
  input arrived_;  ///< holds the head's bytes and does not grow once it is parsed
  input later_;
  response_head head_;
  body_decoder body_;
  bool reused_;
  bool may_switch_ = false;
  bool heard_ = false;
  bool sent_ = false;
  bool headed_ = false;
};

/// Makes calls over kept-alive connections: one client a loop, used on its thread alone.
class client {
 public:
  client(net::loop& home, client_limits limits, std::shared_ptr<net::tls_context> trust);

  /// A connection for one call. `fresh`: none that was used before. Errors: upstream_unreachable, upstream_timeout,
  /// upstream_tls.
  [[nodiscard]] net::task<base::result<std::unique_ptr<call>>> open(route where, bool fresh = false);

  /// Closes the kept connections and keeps none from now on.
  void close() noexcept;

  /// From the next wait on.
  void set_limits(const client_limits& limits) noexcept { limits_ = limits; }
  [[nodiscard]] const client_limits& limits() const noexcept { return limits_; }
  [[nodiscard]] net::loop& home() noexcept { return home_; }

 private:
  friend class call;
  using connection_ptr = std::unique_ptr<net::connection>;

  [[nodiscard]] connection_ptr pop_kept(const std::string& pool_key);
  void keep(const std::string& pool_key, connection_ptr one_more);
  [[nodiscard]] net::task<base::result<connection_ptr>> connect(route where);
  [[nodiscard]] net::task<base::result<void>> tunnel(net::connection& over, base::url proxy, route where);

  net::loop& home_;
  client_limits limits_;
  std::shared_ptr<net::tls_context> trust_;
  std::unordered_map<std::string, std::deque<connection_ptr>> kept_;
  bool closed_ = false;
};

}  // namespace refrain::http
