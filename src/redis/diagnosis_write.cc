#include <fmt/format.h>

#include <span>

#include "redis/diagnosis_parts.h"
#include "redis/faults.h"
#include "redis/write_answer.h"

namespace refrain::redis {
namespace {

constexpr const char* check = "redis writes";
constexpr std::string_view life = "10000";  // ms

commands write_and_delete(const std::string& key) {
  commands all{"MULTI"};
  all.add({"DEL", key}).add({"HSET", key, "meta", "doctor"}).add({"PEXPIRE", key, life}).add({"EXEC"});
  return all.add({"DEL", key});
}

}  // namespace

net::task<finding> try_write(std::shared_ptr<link> over, std::string place, std::string key) {
  auto what = write_and_delete(key);
  const auto said = co_await over->call(std::move(what));
  if (!said) co_return finding::fault(check, said.error().context, "look at Redis' own log");
  // Behind the transaction the key is deleted once more.
  const auto told = read_write_answer(std::span{*said}.first(said->size() - 1), true);
  if (told.refusal != nullptr) {
    co_return from_sentence(check, condition::fault, place, sentence_for(told.refusal->text));
  }
  co_return finding::ok(check, told.knows_no_transactions
                                   ? fmt::format("{} takes them, one by one: it knows no transactions", place)
                                   : fmt::format("{} takes them", place));
}

}  // namespace refrain::redis
