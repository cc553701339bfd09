#include "redis/handshake.h"

#include <string_view>

#include "redis/faults.h"

namespace refrain::redis {
namespace {

/// What CLIENT LIST shows us as.
constexpr std::string_view our_name = "refrain";

/// What the server refused us with; the last reply is that to PING, which an ACL may leave out.
std::optional<base::error> first_refusal(const std::vector<reply>& said, const login& account) {
  const auto password = account.password.reveal();
  for (const auto& one : said) {
    const bool only_ping = &one == &said.back() && one.error_class() == "NOPERM";
    if (!one.is(reply_kind::error) || only_ping) continue;
    auto why = to_error(one.text);
    const auto what = judge_error(one.text).what;
    if (what == fault::credentials_missing || what == fault::credentials_refused) {
      why.context = sentence_for(what, account);
    }
    // An error that is quoted may hold what it is about.
    if (!password.empty() && why.context.contains(password)) why.context = judge_error(one.text).sentence;
    return why;
  }
  return std::nullopt;
}

/// Whether an answer to HELLO means that the older way may do. Proxies refuse it in words of their own, so any error
/// does that says nothing of who we are or how the server is.
bool may_try_resp2(const reply& said) {
  if (!said.is(reply_kind::error)) return false;
  switch (judge_error(said.text).next) {
    case remedy::speak_resp2:
    case remedy::feature_off:  // NOPERM, an unknown command
    case remedy::miss: return true;
    default: return false;
  }
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
  const auto password = account_.password.reveal();
  if (!resp2_ && password.empty()) {
    all.add({"HELLO", "3", "SETNAME", our_name});
  } else if (!resp2_) {
    const std::string_view user = account_.user.empty() ? "default" : std::string_view{account_.user};
    all.add({"HELLO", "3", "AUTH", user, password, "SETNAME", our_name});
  } else if (!password.empty() && !has_no_password_) {
    std::vector<std::string_view> words{"AUTH", account_.user, password};
    if (account_.user.empty()) words.erase(words.begin() + 1);
    all.add(words);
  }
  if (account_.database != 0) all.add({"SELECT", std::to_string(account_.database)});
  // HELLO is answered even by a server that answers nothing else: while it loads, or runs a script without end.
  all.add({"PING"});
  return all;
}

base::result<std::optional<greeting>> handshake::receive(const std::vector<reply>& said) {
  const auto& first = said.front();
  if (!resp2_ && may_try_resp2(first)) {
    resp2_ = true;
    return std::optional<greeting>{};
  }
  const bool unasked = first.is(reply_kind::error) && judge_error(first.text).next == remedy::drop_password;
  if (resp2_ && !has_no_password_ && unasked) {
    has_no_password_ = true;
    return std::optional<greeting>{};
  }
  if (auto refused = first_refusal(said, account_)) return base::fail(*std::move(refused));
  if (resp2_) return std::optional{greeting{}};
  if (!first.is(reply_kind::map)) return base::fail(base::errc::upstream_protocol, "HELLO was answered with no map");
  return std::optional{read_hello(first)};
}

}  // namespace refrain::redis
