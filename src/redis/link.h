#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/url.h"
#include "net/connection.h"
#include "net/dial.h"
#include "net/tls.h"
#include "redis/command.h"
#include "redis/handshake.h"
#include "redis/reply_timeout.h"
#include "redis/resp.h"

namespace refrain::redis {

/// Where a server is, who we are to it, and how long it may take.
struct link_options {
  net::destination where;
  std::shared_ptr<net::tls_context> tls;  ///< nullptr: plain text
  login who;
  reply_timeout limits{};
  commands opening{};                           ///< sent before anything else, once hands are shaken under RESP3
  std::function<void(const reply&)> on_push{};  ///< what nobody asked for (RESP3); on the link's loop

  /// The same, to another place; its certificate may bear this name too, unless it is empty.
  [[nodiscard]] link_options at(const base::endpoint& place, std::string_view name = {}) const;
};

/// One connection to a server, shared by all who call on its loop: commands go out in the order of the calls, many in
/// one write where many wait, and each call gets its own replies. It belongs to one loop and is used on its thread.
///
/// A caller that is gone leaves its place in the queue: its replies are read and dropped (invariant 2). A reply that
/// takes too long, or bytes that are none, end the connection and every call that waits, since nobody could tell any
/// more which reply is whose.
class link : public std::enable_shared_from_this<link> {
 public:
  /// Connects, with TLS where it is wanted, and shakes hands; once more under RESP2 where HELLO is answered by the end
  /// of the connection, as proxies do with what they do not know. Errors: upstream_unreachable, upstream_timeout,
  /// upstream_tls, upstream_protocol; store_unavailable where the server refuses.
  [[nodiscard]] static net::task<base::result<std::shared_ptr<link>>> open(net::loop& home, link_options options);

  ~link();
  link(const link&) = delete;
  link& operator=(const link&) = delete;

  /// Sends commands and gives the replies to them, as many and in order. A reply that is an error is a reply here.
  /// Errors: closed, upstream_timeout, upstream_protocol.
  [[nodiscard]] net::task<replies> call(commands request);

  [[nodiscard]] bool is_open() const noexcept { return !fault_; }
  /// Ends it: calls that wait fail with `why`.
  void close(base::error why);
  /// Takes no more calls, and ends when those that wait are answered.
  void retire(base::error why);
  /// Called once, on the loop, when it has ended for whatever reason.
  void on_close(std::function<void(const base::error& why)> ended);

  [[nodiscard]] const greeting& peer() const noexcept { return peer_; }

 private:
  struct slot;
  struct watch;

  link(link_options options, std::unique_ptr<net::connection> stream);

  [[nodiscard]] static net::task<base::result<std::shared_ptr<link>>> open_once(net::loop& home, link_options options,
                                                                                bool resp2);
  [[nodiscard]] net::task<base::result<void>> greet(bool resp2);
  [[nodiscard]] static net::task<> read_on(std::shared_ptr<link> self);
  [[nodiscard]] static net::task<> write_on(std::shared_ptr<link> self);
  [[nodiscard]] bool hand_out_replies();
  [[nodiscard]] std::optional<base::error> early_refusal() const;
  void hand_over(reply one);
  void start_writing();
  [[nodiscard]] reply_timeout::duration allowed() const noexcept;
  void start_watching();
  void look_at_clock();

  link_options options_;
  std::unique_ptr<net::connection> stream_;
  greeting peer_;
  resp_reader reader_;
  std::deque<std::shared_ptr<slot>> slots_;
  std::string unsent_;
  std::string sending_;
  bool writing_ = false;
  bool greeted_ = false;
  std::unique_ptr<watch> watch_;
  base::steady_time progress_{};  ///< since then nothing has come, while something is waited for
  std::optional<base::error> fault_;
  std::optional<base::error> retired_;
  std::function<void(const base::error&)> ended_;
};

}  // namespace refrain::redis
