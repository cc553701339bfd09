#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "redis/command.h"
#include "redis/reply.h"

namespace refrain::redis {

/// Who we are to a server.
struct credentials {
  std::string user;  ///< of the ACL; empty: the default user
  base::secret password;
  std::uint32_t database = 0;

  friend bool operator==(const credentials& one, const credentials& other) {
    return one.user == other.user && one.database == other.database &&
           base::equal_in_constant_time(one.password.reveal(), other.password.reveal());
  }
};

/// Reads the credentials anew from where they were set; nothing where they cannot be read. Any thread.
using credential_source = std::function<std::optional<credentials>()>;

/// What a server said of itself.
struct greeting {
  int protocol = 2;             ///< RESP version that is spoken from now on
  std::string version;          ///< such as 7.0.15; empty where RESP2 was all it knew
  std::string mode;             ///< standalone, cluster, sentinel; empty as above
  std::string role;             ///< master, replica; empty as above
  std::vector<reply> opened{};  ///< what the link's own first commands were answered
};

/// The first words on a connection: HELLO 3 with the credentials and our name, and SELECT; where HELLO is not known or
/// not allowed, AUTH and SELECT under RESP2; without AUTH where the server has no password. A machine without sockets:
/// `next` says what to send, `take` is given the replies to all of that.
class handshake {
 public:
  explicit handshake(credentials who) : who_(std::move(who)) {}

  /// What is to be sent now.
  [[nodiscard]] commands next() const;

  /// The replies to it, in order. Nothing while there is more to say. Errors: store_unavailable, with the remedy; not
  /// to be tried again where a person must act first.
  [[nodiscard]] base::result<std::optional<greeting>> take(const std::vector<reply>& replies);

 private:
  [[nodiscard]] base::result<std::optional<greeting>> take_hello(const std::vector<reply>& replies);
  [[nodiscard]] base::result<std::optional<greeting>> take_old(const std::vector<reply>& replies);

  credentials who_;
  bool old_ = false;      ///< RESP2
  bool unasked_ = false;  ///< the server has no password
};

}  // namespace refrain::redis
