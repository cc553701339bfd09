#include "cli/local_store.h"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>

#include "admin/routes.h"
#include "app/folders.h"
#include "app/open_store.h"
#include "app/version.h"
#include "cli/run_task.h"
#include "store/registry.h"

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;

bool is_missing(std::string_view url) {
  const auto path = store::sqlite_path(url);
  std::error_code ignored;
  return path && !std::filesystem::exists(*path, ignored);
}

}  // namespace

/// A gateway's parts without the gateway.
struct local_store::parts {
  std::string name;
  std::shared_ptr<const config::loaded> configuration;
  std::shared_ptr<cache::purge_book> purges = std::make_shared<cache::purge_book>();
  net::loop loop;
  std::unique_ptr<entry::store> store;
  ledger::ledger money;
  metrics::registry series;
  gateway::meters counts{series};
  std::unique_ptr<gateway::parts> shared;
  std::unique_ptr<admin::view> look;
};

local_store::local_store(std::unique_ptr<parts> all) : all_(std::move(all)) {}
local_store::~local_store() { all_->store->flush(); }

base::result<std::unique_ptr<backend>> local_store::open(const config::environment& from, config::loaded configuration,
                                                         if_missing then) {
  const auto where = app::folders_of(from);
  auto settings = configuration.values;
  const auto url = app::store_url(settings, where);
  if (store::kind_of(url) == store::store_kind::memory) {
    return fail(errc::bad_config,
                "no gateway runs, and the configured store is the memory of one; start it with "
                "`refrain serve`, or name another store with --store");
  }
  auto all = std::make_unique<parts>();
  const bool missing = then == if_missing::stay_empty && is_missing(url);
  if (missing) settings.store.url = "memory:";
  settings.store.require = true;
  auto opened = app::open_store(settings, where, all->purges, configuration.warnings);
  if (!opened) return fail(app::with_origin(std::move(opened).error(), configuration));
  all->store = std::move(*opened);
  all->store->flush();  // a store counts its entries behind everyone's back; now it has
  all->name = missing ? url + ", which is not there yet" : all->store->status().location;
  all->configuration = std::make_shared<const config::loaded>(std::move(configuration));
  all->shared.reset(new gateway::parts{.clock = base::system_clock(),
                                       .store = *all->store,
                                       .purges = *all->purges,
                                       .money = all->money,
                                       .prices = ledger::built_in_prices(),
                                       .counts = all->counts,
                                       .digests = {},
                                       .budget = entry::fill_budget{settings.fill.max_bytes},
                                       .via = {}});
  all->look.reset(new admin::view{.shared = *all->shared,
                                  .store = *all->store,
                                  .configuration = [now = all->configuration] { return now; },
                                  .version = std::string(app::version),
                                  .started = base::system_clock().steady(),
                                  .data_plane = {}});
  return std::unique_ptr<backend>{new local_store(std::move(all))};
}

base::result<std::string> local_store::ask(const question& what) {
  return run_task(all_->loop, admin::perform(*all_->look, what.method, what.target, what.body));
}

void local_store::settle() { all_->store->flush(); }

std::string local_store::name() const { return fmt::format("the store {} (no gateway runs)", all_->name); }

}  // namespace refrain::cli
