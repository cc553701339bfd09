#include "cli/doctor/checks.h"

#include <fmt/format.h>

#include <utility>

#include "app/open_store.h"
#include "base/random.h"
#include "cli/run_task.h"
#include "redis/diagnosis.h"
#include "redis/trust.h"
#include "store/redis_rights.h"
#include "store/registry.h"

namespace refrain::cli {
namespace {

findings refuse(const base::error& why) {
  auto found = redis::from_sentence("redis address", condition::fault, "", why.context);
  if (found.remedy.empty()) found.remedy = "see store.url and redis.* in `refrain config`";
  return {std::move(found)};
}

}  // namespace

bool is_redis_url(std::string_view url) {
  const auto kind = store::kind_of(url);
  // Of an unknown scheme it says best what may have been meant.
  return kind ? *kind == store::store_kind::redis : url.contains("://");
}

findings check_redis(const config::settings& settings, const std::string& url, std::string_view origin) {
  auto there = redis::parse_address(url);
  if (!there) return refuse(there.error());
  there->note_origin(origin);
  const auto options = app::redis_options(settings.redis);
  auto trust = redis::trust_of(*there, options.tls);
  if (!trust) return refuse(trust.error());

  const auto probe = base::random_hex(8);
  const auto& prefix = settings.store.prefix;
  redis::diagnosis_options what{.there = *there,
                                .tls = *std::move(trust),
                                .tls_said = options.tls,
                                .rights = store::redis_rights(*there, prefix, probe),
                                .node_map = options.node_map,
                                .probe_key = store::redis_probe_key(prefix, probe),
                                .deadline = options.deadline,
                                .connections = options.connections};
  net::loop loop;
  return run_task(loop, redis::diagnose(loop, std::move(what)));
}

}  // namespace refrain::cli
