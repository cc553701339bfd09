#include "redis/handshake.h"

#include <string_view>

#include "redis/faults.h"

namespace refrain::redis {
namespace {

/// What CLIENT LIST shows us as.
constexpr std::string_view our_name = "refrain";

/// What the server refused us with; the last reply is that to PING, which an ACL may leave out.
std::optional<base::error> first_refusal(const std::vector<reply>& replies) {
  for (const auto& one : replies) {
    const bool only_ping = &one == &replies.back() && one.error_class() == "NOPERM";
    if (!one.is(reply_kind::error) || only_ping) continue;
    const auto& why = judge_error(one.text);
    return base::error{base::errc::store_unavailable, std::string{why.sentence}, why.next != remedy::wait_for_settings};
  }
  return std::nullopt;
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
  } else if (!who_.password.empty() && !unasked_) {
    if (who_.user.empty()) {
      all.add({"AUTH", who_.password.reveal()});
    } else {
      all.add({"AUTH", who_.user, who_.password.reveal()});
    }
  }
  if (who_.database != 0) all.add({"SELECT", std::to_string(who_.database)});
  // HELLO is answered even by a server that answers nothing else: while it loads, or runs a script without end.
  all.add({"PING"});
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
  if (auto refused = first_refusal(replies)) return base::fail(*std::move(refused));
  if (!hello.is(reply_kind::map)) return base::fail(base::errc::upstream_protocol, "HELLO was answered with no map");
  return std::optional{read_hello(hello)};
}

base::result<std::optional<greeting>> handshake::take_old(const std::vector<reply>& replies) {
  const auto& first = replies.front();
  if (!unasked_ && first.is(reply_kind::error) && judge_error(first.text).next == remedy::drop_password) {
    unasked_ = true;
    return std::optional<greeting>{};
  }
  if (auto refused = first_refusal(replies)) return base::fail(*std::move(refused));
  return std::optional{greeting{}};
}

}  // namespace refrain::redis
