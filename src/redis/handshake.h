#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "redis/command.h"
#include "redis/login.h"
#include "redis/reply.h"

namespace refrain::redis {

/// What a server said of itself.
struct greeting {
  int protocol = 2;             ///< RESP version that is spoken from now on
  std::string version;          ///< such as 7.0.15; empty where RESP2 was all it knew
  std::string mode;             ///< standalone, cluster, sentinel; empty as above
  std::string role;             ///< master, replica; empty as above
  std::vector<reply> opened{};  ///< what the link's own first commands were answered
  bool renewed = false;         ///< it took the place of a link that stood (lane::renew)
};

/// The first commands on a connection: HELLO 3 with the login and our name, and SELECT; where HELLO is refused in
/// whatever words, AUTH and SELECT under RESP2; without AUTH where the server has no password. A machine without
/// sockets: `next` says what to send, `receive` is given the replies to all of that.
class handshake {
 public:
  /// `resp2`: HELLO is not tried.
  explicit handshake(login account, bool resp2 = false) : account_(std::move(account)), resp2_(resp2) {}

  /// What is to be sent now.
  [[nodiscard]] commands next() const;

  /// The replies to it, in order. Nothing while there is more to send. Errors: store_unavailable, with the remedy; not
  /// to be tried again where a person must act first.
  [[nodiscard]] base::result<std::optional<greeting>> receive(const std::vector<reply>& said);

 private:
  login account_;
  bool resp2_;
  bool has_no_password_ = false;  ///< the server; only RESP2 is told so
};

}  // namespace refrain::redis
