#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "redis/announced.h"
#include "redis/diagnosis_parts.h"
#include "redis/faults.h"
#include "redis/redirect.h"

namespace refrain::redis {
namespace {

constexpr const char* check = "redis writes";
constexpr std::string_view life = "10000";  // ms

commands write_and_delete(const std::string& key) {
  commands all{"MULTI"};
  all.add({"DEL", key}).add({"HSET", key, "meta", "doctor"}).add({"PEXPIRE", key, life}).add({"EXEC"});
  return all.add({"DEL", key});
}

/// The first thing that was refused; what EXEC says of it comes after.
const reply* first_error(const std::vector<reply>& said) {
  for (const auto& one : said) {
    if (one.is(reply_kind::error)) return &one;
    const auto inside = std::ranges::find(one.items, reply_kind::error, &reply::kind);
    if (inside != one.items.end()) return &*inside;
  }
  return nullptr;
}

finding judge(const replies& said, const net::destination& where) {
  if (!said) return finding::fault(check, said.error().context, "look at Redis' own log");
  const auto place = where.to_string();
  const auto* const refusal = first_error(*said);
  if (refusal == nullptr) return finding::ok(check, fmt::format("{} takes them", place));
  return from_sentence(check, condition::fault, place, judge_error(refusal->text).sentence);
}

}  // namespace

net::task<finding> try_write(net::loop& home, std::shared_ptr<link> over, link_options options, std::string key,
                             std::vector<base::endpoint> configured) {
  auto what = write_and_delete(key);
  const auto said = co_await over->call(std::move(what));
  const auto sent_on = said ? find_redirect(*said) : std::nullopt;
  if (!sent_on || sent_on->kind != fault::moved) co_return judge(said, options.where);

  auto there = sent_on->to;
  if (there.host.empty()) there.host = options.where.host;
  if (!may_be_sent_to(there, configured)) {
    co_return finding::fault(check,
                             fmt::format("the Cluster sends a key to {}, which lies in another network than the "
                                         "configured hosts: it is not followed",
                                         there.to_string()),
                             "add that host to redis+cluster:// if it is right");
  }
  options.where.host = there.host;
  options.where.port = there.port;
  const auto other = co_await link::open(home, options);
  if (!other) {
    co_return finding::fault(check,
                             fmt::format("the Cluster sends a key to {}, which is not reached: {}", there.to_string(),
                                         other.error().context),
                             "let its nodes announce addresses that the gateway reaches (cluster-announce-ip, "
                             "cluster-announce-hostname)");
  }
  auto again = write_and_delete(key);
  const auto said_there = co_await (*other)->call(std::move(again));
  (*other)->close({base::errc::closed, "the look is over"});
  co_return judge(said_there, options.where);
}

}  // namespace refrain::redis
