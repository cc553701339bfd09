#include "app/app.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <mutex>
#include <string>
#include <thread>

#include "admin/auth.h"
#include "admin/plane.h"
#include "app/open_store.h"
#include "app/run_file.h"
#include "app/similar.h"
#include "app/version.h"
#include "base/log.h"
#include "base/random.h"
#include "gateway/shared/parts.h"
#include "net/loop.h"
#include "net/tls.h"
#include "server/data_plane.h"

namespace refrain::app {
namespace {

using base::errc;
using base::fail;

/// How often what has come to pass is written down, and how often a drain looks whether it is done.
constexpr std::chrono::milliseconds housekeeping{1000};
constexpr std::chrono::milliseconds drain_step{10};
/// In rounds of that.
constexpr unsigned rounds_between_sweeps = 60;
constexpr unsigned rounds_between_lessons = 30;

std::optional<base::digester> former_digests(const config::settings::security_section& said) {
  if (said.secret_previous.empty()) return std::nullopt;
  return base::digester{said.secret_previous};
}

std::int64_t today() {
  return std::chrono::floor<std::chrono::days>(base::system_clock().now()).time_since_epoch().count();
}

unsigned allowed_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

unsigned allowed_by_quota() {
  std::ifstream file{"/sys/fs/cgroup/cpu.max"};
  std::string quota;
  unsigned long period = 0;
  if (!(file >> quota >> period) || quota == "max" || period == 0) return std::numeric_limits<unsigned>::max();
  const auto micros = std::strtoul(quota.c_str(), nullptr, 10);
  return static_cast<unsigned>((micros + period - 1) / period);
}

/// How many threads can run at once: the processors that this process may use, and no more than the control group's
/// quota pays for (cgroup v2, `cpu.max`), rounded up; at least one.
unsigned usable_cores() { return std::max(1U, std::min(allowed_by_affinity(), allowed_by_quota())); }

}  // namespace

/// In the order in which they are made; they go the other way round.
struct app::parts {
  std::vector<std::string> warnings;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;                                ///< guarded by mutex
  std::atomic<bool> at_once{false};                     ///< the drain waits no longer
  std::shared_ptr<const config::loaded> configuration;  ///< guarded by mutex
  config::reader reread;

  std::shared_ptr<cache::purge_book> purges = std::make_shared<cache::purge_book>();
  similar_house similar;  ///< hears of what is stored until the store goes
  std::unique_ptr<entry::store> store;
  ledger::ledger money;
  metrics::registry series;
  gateway::meters counts{series};
  std::unique_ptr<gateway::parts> shared;
  std::vector<std::unique_ptr<net::loop>> loops;
  std::unique_ptr<server::data_plane> data;
  std::unique_ptr<admin::plane> admin;
  std::optional<base::endpoint> admin_address;
  std::string dashboard;
  std::string token_file;  ///< empty: the token is configured, or kept nowhere
  std::string store_location;
  folders where;

  [[nodiscard]] base::result<void> open();
  [[nodiscard]] base::result<void> open_admin();
  [[nodiscard]] base::result<admin::token> open_token(const base::secret& configured);
  [[nodiscard]] std::vector<net::loop*> all_loops() const;
  [[nodiscard]] std::shared_ptr<const config::loaded> current();
  [[nodiscard]] admin::activity activity() const;
  void book();
  void share_learning();
  void await_stop();
  void drain();
};

app::app(std::unique_ptr<parts> all) : all_(std::move(all)) {}

/// What is under way is destroyed while everything it refers to is still there, and after the sockets of others.
app::~app() {
  if (all_->data) all_->data->release();
  all_->store.reset();
  all_->admin.reset();
  for (const auto& one : all_->loops) one->discard();
}

base::result<std::unique_ptr<app>> app::make(config::loaded configuration, const folders& where,
                                             config::reader reread) {
  auto all = std::make_unique<parts>();
  all->warnings = configuration.warnings;
  all->where = where;
  all->reread = std::move(reread);
  all->configuration = std::make_shared<const config::loaded>(std::move(configuration));
  TRY(all->open());
  return std::unique_ptr<app>(new app(std::move(all)));
}

base::result<void> app::parts::open() {
  const auto& settings = configuration->values;
  auto at = TRY(gateway::make_site(settings));
  auto trust = TRY(net::tls_context::for_clients());
  const auto threads = settings.server.threads == 0 ? usable_cores() : settings.server.threads;
  for (unsigned i = 0; i < threads; ++i) loops.push_back(std::make_unique<net::loop>());
  auto opened = open_store(settings, where, purges, warnings,
                           {.loops = all_loops(), .reread = reread, .url_origin = url_origin(*configuration)});
  if (!opened) return fail(with_origin(std::move(opened).error(), *configuration));
  store = std::move(*opened);
  store_location = store->status().location;
  similar = TRY(open_similar(settings, where));
  if (similar.answers) store->observe(*similar.answers);

  shared.reset(new gateway::parts{.clock = base::system_clock(),
                                  .store = *store,
                                  .purges = *purges,
                                  .money = money,
                                  .prices = ledger::built_in_prices(),
                                  .counts = counts,
                                  .digests = base::digester{settings.security.secret},
                                  .budget = entry::fill_budget{settings.fill.max_bytes},
                                  .body_budget = entry::fill_budget{settings.server.bodies_max_bytes},
                                  .memo_bytes = memory_for_requests(settings) / threads,
                                  .via = "refrain-" + base::random_hex(8),
                                  .similar = similar.answers.get(),
                                  .former_digests = former_digests(settings.security)});
  data = TRY(server::data_plane::open(*shared, series, all_loops(), at, trust));
  return settings.admin.enabled ? open_admin() : base::result<void>{};
}

/// A state folder that cannot be written costs the token its file, and the gateway nothing.
base::result<admin::token> app::parts::open_token(const base::secret& configured) {
  auto token = where.state.empty() && configured.empty() ? fail(errc::io, "neither HOME nor XDG_STATE_HOME is set")
                                                         : admin::load_or_make_token(where.state, configured);
  if (token) {
    if (configured.empty()) token_file = admin::token_file(where.state).string();
    return token;
  }
  if (token.error().code != errc::io) return token;
  return admin::token{.value = base::secret{base::random_hex(32)},
                      .warning = fmt::format("the admin token cannot be kept: {}; it is another at each start, and "
                                             "commands do not find it: set admin.token, or XDG_STATE_HOME to a folder "
                                             "that can be written",
                                             token.error().context)};
}

base::result<void> app::parts::open_admin() {
  const auto& settings = configuration->values.admin;
  if (!settings.listen.is_loopback()) {
    return fail(errc::bad_config,
                fmt::format("admin.listen = {}: the admin plane does not leave this machine, as it has "
                            "no TLS; use 127.0.0.1 and a tunnel, or off",
                            settings.listen.to_string()));
  }
  auto token = TRY(open_token(settings.token));
  admin::view look{.clock = base::system_clock(),
                   .store = *store,
                   .purges = *purges,
                   .money = money,
                   .configuration = [this] { return current(); },
                   .now = [this] { return activity(); },
                   .questions = similar.answers ? &similar.answers->matcher() : nullptr,
                   .version = std::string(version),
                   .started = base::system_clock().steady(),
                   .data_plane = data->base_url().origin()};
  auto address = settings.listen;
  auto opened = admin::plane::open(look, token.value, address);
  if (!opened && opened.error().code == errc::port_in_use && settings.listen_is_default) {
    address.port = 0;
    opened = admin::plane::open(look, token.value, address);
    if (opened)
      warnings.push_back(fmt::format("{}; the admin plane is on {} instead", settings.listen.to_string() + " is taken",
                                     (*opened)->bound().to_string()));
  }
  if (!opened) return fail(opened.error());
  admin = std::move(*opened);
  admin_address = admin->bound();
  dashboard = fmt::format("http://{}/#token={}", admin_address->to_string(), token.value.reveal());
  if (!token.warning.empty()) warnings.push_back(token.warning);
  return {};
}

std::vector<net::loop*> app::parts::all_loops() const {
  std::vector<net::loop*> all;
  for (const auto& one : loops) all.push_back(one.get());
  return all;
}

/// The configuration as it is now. Any thread.
std::shared_ptr<const config::loaded> app::parts::current() {
  const std::lock_guard guard{mutex};
  return configuration;
}

/// Any thread.
admin::activity app::parts::activity() const {
  return {.draining = shared->draining, .fills = shared->fills.size(), .detached = shared->detached};
}

void app::run() {
  auto& all = *all_;
  all.data->start();
  if (all.admin) all.admin->start();
  const run_file announced{all.where.state,
                           {.data_plane = all.data->base_url().origin(),
                            .admin_plane = all.admin_address ? all.admin_address->to_string() : "",
                            .store = all.store_location,
                            .token_file = all.token_file}};
  if (all.similar.answers) {
    net::spawn(all.loops.front()->get_executor(), index_stored(all.similar.answers.get(), all.store.get()));
    all.share_learning();
  }
  std::vector<std::jthread> threads;
  for (const auto& one : all.loops) threads.emplace_back([&loop = *one] { loop.run(); });
  all.await_stop();
  all.drain();
  if (all.admin) all.admin->stop();
  for (const auto& one : all.loops) one->stop();
  threads.clear();
  all.book();
  all.store->flush();
}

/// Sleeps until stop(), keeping house meanwhile.
void app::parts::await_stop() {
  std::unique_lock guard{mutex};
  for (unsigned round = 1; !wake.wait_for(guard, housekeeping, [this] { return stopping; }); ++round) {
    guard.unlock();
    book();
    if (similar.answers) similar.answers->drop_dead(*purges, round % rounds_between_sweeps == 0);
    if (similar.answers && round % rounds_between_lessons == 0) share_learning();
    purges->expire(base::system_clock().seconds());
    data->look_at_certificate();
    guard.lock();
  }
}

/// Lets the requests under way end; new ones are told to come back.
void app::parts::drain() {
  shared->draining = true;
  const auto drain = current()->values.server.drain;
  const auto end = std::chrono::steady_clock::now() + drain;
  while (data->under_way() + shared->fills.size() > 0 && !at_once && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(drain_step);
  }
  data->close();
  if (admin) admin->close();
}

/// What other gateways over the store have learned counts here as well.
void app::parts::share_learning() {
  net::spawn(loops.front()->get_executor(), learn_kept(similar.answers.get(), store.get(), today()));
}

void app::parts::book() {
  auto deltas = money.drain(today());
  if (similar.answers) {
    auto learned = similar.answers->matcher().drain(today());
    deltas.insert(deltas.end(), std::make_move_iterator(learned.begin()), std::make_move_iterator(learned.end()));
  }
  if (!deltas.empty()) store->counters().add(std::move(deltas));
}

void app::stop() {
  const std::lock_guard guard{all_->mutex};
  all_->stopping = true;
  all_->wake.notify_all();
}

void app::stop_at_once() {
  all_->at_once = true;
  stop();
}

app::work app::under_way() const { return {.requests = all_->data->under_way(), .calls = all_->shared->fills.size()}; }

std::chrono::seconds app::drain_time() const { return all_->current()->values.server.drain; }

base::result<std::vector<std::string>> app::reload(config::loaded configuration) {
  const std::lock_guard guard{all_->mutex};
  config::keep_until_restart(configuration, *all_->configuration);
  auto at = TRY(gateway::make_site(configuration.values));
  TRY(all_->data->configure(at));
  base::set_log(configuration.values.log.level, configuration.values.log.format);
  std::vector<std::string> waiting;
  for (const auto& one : configuration.waiting) waiting.push_back(one.key);
  all_->configuration = std::make_shared<const config::loaded>(std::move(configuration));
  return waiting;
}

const base::endpoint& app::data_plane() const noexcept { return all_->data->bound(); }
base::url app::base_url() const { return all_->data->base_url(); }
const std::optional<base::endpoint>& app::admin_plane() const noexcept { return all_->admin_address; }
const std::vector<std::string>& app::warnings() const noexcept { return all_->warnings; }
std::string app::store_location() const { return all_->store_location; }
std::string app::dashboard_url() const { return all_->dashboard; }
std::string app::token_file() const { return all_->token_file; }
app::endings app::ended() const {
  const auto& all = all_->shared->ended;
  return {.answered = all.answered, .failed = all.failed, .last_failure = all.last_failure};
}
ledger::totals app::totals() const { return all_->money.snapshot(); }

}  // namespace refrain::app
