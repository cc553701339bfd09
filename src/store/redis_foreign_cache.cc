#include "store/redis_foreign_cache.h"

#include <optional>
#include <utility>

#include "net/gather.h"

namespace refrain::store {
namespace {

using entry::foreign_value;
using redis::reply_kind;

/// A value of another type, none, and any fault are all nothing to find.
std::optional<foreign_value> value_in(redis::replies said) {
  if (!said || said->size() != 2 || !said->front().is(reply_kind::bytes)) return std::nullopt;
  foreign_value value{.bytes = std::move(said->front().text), .left = {}};
  const auto& life = said->back();
  if (life.is(reply_kind::integer) && life.integer >= 0) value.left = std::chrono::milliseconds{life.integer};
  return value;
}

net::task<std::optional<foreign_value>> ask(redis::client& through, std::string key) {
  redis::commands request;
  request.add({"GET", key}).add({"PTTL", key});
  auto said = co_await through.call(redis::use::read, std::move(request));
  co_return value_in(std::move(said));
}

}  // namespace

net::task<std::vector<foreign_value>> redis_foreign_cache::look(std::vector<std::string> keys) {
  std::vector<net::task<std::optional<foreign_value>>> questions;
  for (auto& key : keys) questions.push_back(ask(client_, std::move(key)));
  auto answers = co_await net::gather(std::move(questions));
  std::vector<foreign_value> found;
  for (auto& one : answers) {
    if (one) found.push_back(*std::move(one));
  }
  co_return found;
}

}  // namespace refrain::store
