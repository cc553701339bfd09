#include "store/redis_purges.h"

#include <algorithm>

#include "entry/seal.h"
#include "store/redis_answer.h"

namespace refrain::store {
namespace {

constexpr entry::seal_place record_place{.part = entry::sealed_part::record, .owner = "purges", .piece = {}};

}  // namespace

redis_purges::redis_purges(const store_options& options)
    : options_(options),
      records_(options.prefix + "refrain:purges"),
      number_(options.prefix + "refrain:purge_number") {}

net::task<base::result<redis::reply>> redis_purges::ask(redis::client& server, redis::commands request) {
  auto said = co_await server.call(redis::use::write, std::move(request));
  co_return only_reply(std::move(said));
}

net::task<base::result<std::uint64_t>> redis_purges::next_number(redis::client& server) {
  std::uint64_t step = 1;
  while (true) {
    redis::commands request{"INCRBY", number_, std::to_string(step)};
    const auto said = co_await ask(server, std::move(request));
    if (!said) co_return base::fail(said.error());
    const auto number = static_cast<std::uint64_t>(std::max<std::int64_t>(said->integer, 0));
    const auto known = options_.purges->current();
    if (number > known) co_return number;
    // The server has lost its count: it goes on from ours.
    step = known - number + 1;
  }
}

std::string redis_purges::sealed(const cache::purge_record& record) const {
  return options_.sealer.seal(record_place, cache::encode(record));
}

net::task<base::result<cache::purge_record>> redis_purges::make(redis::client& server, entry::selector wanted) {
  const auto number = co_await next_number(server);
  if (!number) co_return base::fail(number.error());
  const cache::purge_record record{.number = *number, .what = std::move(wanted), .until = options_.purge_until()};
  redis::commands add{"ZADD", records_, std::to_string(record.number), sealed(record)};
  const auto said = co_await ask(server, std::move(add));
  if (!said) co_return base::fail(said.error());
  options_.purges->merge({record});
  co_return record;
}

net::task<base::result<void>> redis_purges::poll(redis::client& server) {
  redis::commands request{"ZRANGE", records_, "0", "-1"};
  const auto said = co_await ask(server, std::move(request));
  if (!said) co_return base::fail(said.error());
  std::vector<cache::purge_record> theirs;
  redis::commands restored;
  for (const auto& one : said->items) {
    const auto json = options_.sealer.open(record_place, one.text);
    auto record = json ? cache::decode_purge_record(*json) : base::fail(json.error());
    if (!record) continue;
    if (record->until < options_.clock->seconds()) {
      restored.add({"ZREM", records_, one.text});
    } else {
      theirs.push_back(*std::move(record));
    }
  }
  for (const auto& one : options_.purges->records()) {
    const bool lost = std::ranges::find(theirs, one) == theirs.end() && one.until >= options_.clock->seconds();
    if (lost) restored.add({"ZADD", records_, std::to_string(one.number), sealed(one)});
  }
  options_.purges->merge(theirs);
  if (restored.count() > 0) (void)co_await server.call(redis::use::write, std::move(restored));
  co_return co_await level_numbers(server);
}

net::task<base::result<void>> redis_purges::level_numbers(redis::client& server) {
  redis::commands request{"GET", number_};
  const auto said = co_await ask(server, std::move(request));
  if (!said) co_return base::fail(said.error());
  const auto highest = said->is(redis::reply_kind::bytes) ? std::strtoull(said->text.c_str(), nullptr, 10) : 0;
  options_.purges->raise(highest);
  const auto known = options_.purges->current();
  if (highest >= known) co_return base::result<void>{};
  // Where two do so at once it becomes higher than it need be, which harms nobody.
  redis::commands raise{"INCRBY", number_, std::to_string(known - highest)};
  (void)co_await server.call(redis::use::write, std::move(raise));
  co_return base::result<void>{};
}

}  // namespace refrain::store
