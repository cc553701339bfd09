#include "redis/handshake.h"

#include <string_view>

namespace refrain::redis {
namespace {

/// What CLIENT LIST shows us as.
constexpr std::string_view our_name = "refrain";

std::unexpected<base::error> refusal(const reply& said) {
  return base::fail(base::errc::store_unavailable, said.text, true);
}

/// Whether an answer to HELLO means that the older way may do: it is not known, not this protocol, or not allowed.
bool may_try_old(const reply& said) {
  const auto kind = said.error_class();
  return kind == "NOPROTO" || kind == "NOPERM" || (kind == "ERR" && said.text.contains("unknown command"));
}

greeting read_hello(const reply& map) {
  greeting told{.protocol = 3};
  for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
    const auto& name = map.items[i].text;
    const auto& value = map.items[i + 1];
    if (name == "version") told.version = value.text;
    if (name == "mode") told.mode = value.text;
    if (name == "role") told.role = value.text;
  }
  return told;
}

}  // namespace

commands handshake::next() const {
  commands all;
  if (!old_) {
    if (who_.password.empty()) {
      all.add({"HELLO", "3", "SETNAME", our_name});
    } else {
      const std::string_view user = who_.user.empty() ? "default" : std::string_view{who_.user};
      all.add({"HELLO", "3", "AUTH", user, who_.password.reveal(), "SETNAME", our_name});
    }
  } else if (!who_.password.empty()) {
    if (who_.user.empty()) {
      all.add({"AUTH", who_.password.reveal()});
    } else {
      all.add({"AUTH", who_.user, who_.password.reveal()});
    }
  }
  if (who_.database != 0) all.add({"SELECT", std::to_string(who_.database)});
  // A server that asks for a password answers nothing else before it.
  if (old_) all.add({"PING"});
  return all;
}

base::result<std::optional<greeting>> handshake::take(const std::vector<reply>& replies) {
  return old_ ? take_old(replies) : take_hello(replies);
}

base::result<std::optional<greeting>> handshake::take_hello(const std::vector<reply>& replies) {
  const auto& hello = replies.front();
  if (may_try_old(hello)) {
    old_ = true;
    return std::optional<greeting>{};
  }
  for (const auto& one : replies) {
    if (one.is(reply_kind::error)) return refusal(one);
  }
  if (!hello.is(reply_kind::map)) return base::fail(base::errc::upstream_protocol, "HELLO was answered with no map");
  return std::optional{read_hello(hello)};
}

base::result<std::optional<greeting>> handshake::take_old(const std::vector<reply>& replies) const {
  for (const auto& one : replies) {
    // PING under an ACL that does not have it: the connection works all the same.
    const bool only_ping = &one == &replies.back() && one.error_class() == "NOPERM";
    if (one.is(reply_kind::error) && !only_ping) return refusal(one);
  }
  return std::optional{greeting{}};
}

}  // namespace refrain::redis
