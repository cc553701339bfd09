#include "store/registry.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "store/memory_store.h"
#include "store/open_redis.h"
#include "store/sqlite_store.h"
#include "store/tiered_store.h"

namespace refrain::store {
namespace {

using opened = base::result<std::unique_ptr<entry::store>>;

opened open_memory(std::string /*place*/, store_options options) {
  return std::make_unique<memory_store>(std::move(options));
}

opened open_sqlite(std::string path, store_options options) {
  if (path.empty()) return base::fail(base::errc::bad_config, "store.url: sqlite: wants a path, as in sqlite:cache.db");
  auto below = sqlite_store::open(std::move(path), options);
  if (!below) return base::fail(below.error());
  auto near = std::make_shared<near_cache>(std::make_unique<memory_store>(std::move(options)));
  return std::make_unique<tiered_store>(std::move(near), *std::move(below));
}

struct scheme {
  std::string_view name;
  opened (*open)(std::string place, store_options options);
};

constexpr std::array schemes{scheme{"memory", open_memory}, scheme{"sqlite", open_sqlite}};

}  // namespace

base::result<std::unique_ptr<entry::store>> open_store(store_options options) {
  const std::string_view url = options.url;
  const auto colon = url.find(':');
  const auto* const row = std::ranges::find(schemes, url.substr(0, colon), &scheme::name);
  if (colon == std::string_view::npos || row == schemes.end()) return open_redis(std::move(options));
  std::string place{url.substr(colon + 1)};
  return row->open(std::move(place), std::move(options));
}

}  // namespace refrain::store
