#include "store/redis_foreign_cache.h"

#include <boost/asio/this_coro.hpp>
#include <memory>
#include <utility>

#include "net/loop.h"
#include "net/signal.h"

namespace refrain::store {
namespace {

using entry::foreign_value;
using redis::reply_kind;

/// Questions under way, on one loop.
struct search {
  std::vector<std::optional<foreign_value>> found;
  std::size_t left = 0;
  net::signal changed{};
};

/// A value of another type, none, and any fault are all nothing to find.
std::optional<foreign_value> value_in(redis::replies said) {
  if (!said || said->size() != 2 || !said->front().is(reply_kind::bytes)) return std::nullopt;
  foreign_value value{.bytes = std::move(said->front().text), .left = {}};
  const auto& life = said->back();
  if (life.is(reply_kind::integer) && life.integer >= 0) value.left = std::chrono::milliseconds{life.integer};
  return value;
}

net::task<> ask(redis::client& through, std::string key, std::shared_ptr<search> all, std::size_t place) {
  redis::commands what;
  what.add({"GET", key}).add({"PTTL", key});
  auto said = co_await through.call(redis::use::read, std::move(what));
  all->found[place] = value_in(std::move(said));
  --all->left;
  all->changed.raise();
}

}  // namespace

net::task<std::vector<foreign_value>> redis_foreign_cache::look(std::vector<std::string> keys) {
  const auto here = co_await net::asio::this_coro::executor;
  const auto all = std::make_shared<search>();
  all->found.resize(keys.size());
  all->left = keys.size();
  for (std::size_t i = 0; i < keys.size(); ++i) net::spawn(here, ask(client_, std::move(keys[i]), all, i));
  while (all->left > 0) {
    const auto seen = all->changed.version();
    co_await all->changed.wait_past(seen);
  }
  std::vector<foreign_value> found;
  for (auto& one : all->found) {
    if (one) found.push_back(*std::move(one));
  }
  co_return found;
}

}  // namespace refrain::store
