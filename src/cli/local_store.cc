#include <fmt/format.h>

#include <string_view>

#include "admin/routes.h"
#include "app/folders.h"
#include "app/open_store.h"
#include "app/version.h"
#include "cli/backend.h"
#include "cli/run_task.h"
#include "store/registry.h"
#include "store/sqlite_owner.h"

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;

bool is_missing(std::string_view url) {
  const auto path = store::sqlite_path(url);
  return path && store::owner_of(*path) == store::file_owner::nobody;
}

/// A gateway's parts without the gateway.
struct local_store final : backend {
  ~local_store() override { store->flush(); }
  base::result<std::string> send(const admin_request& what) override {
    return TRY(run_task(loop, admin::perform(*look, what.method, what.target, what.body))).body;
  }
  void flush() override { store->flush(); }
  std::string name() const override { return fmt::format("the store {} (no gateway runs)", location); }
  bool is_gateway() const noexcept override { return false; }

  std::string location;
  std::shared_ptr<const config::loaded> configuration;
  std::shared_ptr<cache::purge_book> purges;
  net::loop loop;
  std::unique_ptr<entry::store> store;
  ledger::ledger money;
  std::unique_ptr<admin::view> look;
};

}  // namespace

base::result<std::unique_ptr<backend>> open_local_store(const config::environment& from, config::loaded configuration,
                                                        if_missing then) {
  const auto where = app::folders_of(from);
  auto settings = configuration.values;
  const auto url = app::store_url(settings, where);
  if (store::kind_of(url) == store::store_kind::memory) {
    return fail(errc::bad_config,
                "no gateway runs, and the configured store is the memory of one; start it with "
                "`refrain serve`, or name another store with --store");
  }
  const bool missing = then == if_missing::stay_empty && is_missing(url);
  if (missing) settings.store.url = "memory:";
  settings.store.require = true;
  auto purges = std::make_shared<cache::purge_book>();
  auto opened =
      app::open_store(settings, where, purges, configuration.warnings, {.as_found = then == if_missing::stay_empty});
  if (!opened) return fail(app::with_origin(std::move(opened).error(), configuration));
  auto all = std::make_unique<local_store>();
  all->purges = std::move(purges);
  all->store = std::move(*opened);
  all->store->flush();  // a store counts its entries in the background: this waits for it
  all->location = missing ? url + ", which is not there yet" : all->store->status().location;
  all->configuration = std::make_shared<const config::loaded>(std::move(configuration));
  all->look.reset(new admin::view{.clock = base::system_clock(),
                                  .store = *all->store,
                                  .purges = *all->purges,
                                  .money = all->money,
                                  .configuration = [now = all->configuration] { return now; },
                                  .now = [] { return admin::activity{}; },
                                  .version = std::string(app::version),
                                  .started = base::system_clock().steady(),
                                  .data_plane = {}});
  return all;
}

}  // namespace refrain::cli
