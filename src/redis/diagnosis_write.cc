#include <fmt/format.h>

#include <algorithm>

#include "redis/diagnosis_parts.h"
#include "redis/faults.h"

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

}  // namespace

net::task<finding> try_write(std::shared_ptr<link> over, std::string place, std::string key) {
  auto what = write_and_delete(key);
  const auto said = co_await over->call(std::move(what));
  if (!said) co_return finding::fault(check, said.error().context, "look at Redis' own log");
  const auto* const refusal = first_error(*said);
  if (refusal == nullptr) co_return finding::ok(check, fmt::format("{} takes them", place));
  co_return from_sentence(check, condition::fault, place, judge_error(refusal->text).sentence);
}

}  // namespace refrain::redis
