#include "support/gateway.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "base/text.h"
#include "gateway/shared/parts.h"
#include "net/loop.h"
#include "net/tls.h"
#include "server/data_plane.h"
#include "store/registry.h"
#include "support/base/manual_clock.h"

namespace refrain::tests {

namespace {

/// Each has its own name in Via fields, or a chain of two would look like a loop.
std::string next_via() {
  static std::atomic<unsigned> made{0};
  return "refrain-under-test-" + std::to_string(++made);
}

std::optional<base::digester> former_digests(const config::settings& settings) {
  if (settings.security.secret_previous.empty()) return std::nullopt;
  return base::digester{settings.security.secret_previous};
}

}  // namespace

std::string seen_request::header(std::string_view name) const {
  const auto at = std::ranges::find(headers, name, &header_list::value_type::first);
  return at == headers.end() ? "" : at->second;
}

bool seen_request::has(std::string_view name) const {
  return std::ranges::find(headers, name, &header_list::value_type::first) != headers.end();
}

struct gateway::parts {
  base::manual_clock clock;
  config::settings settings;
  std::shared_ptr<cache::purge_book> purges = std::make_shared<cache::purge_book>();
  std::unique_ptr<mock::server> upstream;
  std::uint16_t upstream_port = 1;  ///< nobody listens there
  std::unique_ptr<entry::store> store;
  ledger::ledger money;
  metrics::registry series;
  refrain::gateway::meters counts{series};
  std::unique_ptr<refrain::gateway::parts> shared;
  std::vector<std::unique_ptr<net::loop>> loops;
  std::unique_ptr<server::data_plane> data;
  std::vector<std::jthread> threads;

  void open_upstream(const options& how);
  void open_store(const options& how);
  void open_data_plane(const options& how);
};

void gateway::parts::open_upstream(const options& how) {
  upstream = std::make_unique<mock::server>(how.upstream);
  if (how.upstream_is_up) upstream_port = upstream->start().value();
  const bool tls = !how.upstream.tls_certificate.empty();
  auto& openai = settings.upstreams["openai"];
  openai.base_url = (tls ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(upstream_port) + "/v1";
  openai.dialect = "openai";
  openai.api_key = base::secret{"sk-lent"};
  openai.ask_usage = true;
}

void gateway::parts::open_store(const options& how) {
  const auto& redis = settings.redis;
  store::store_options options{
      .url = how.store,
      .memory_bytes = settings.memory.max_bytes,
      .entry_cap = settings.cache.max_entry,
      .keep_stale = settings.cache.keep_stale,
      .sealer = {settings.security.secret, settings.security.secret_previous},
      .clock = &clock,
      .purges = purges,
      .redis = {.deadline = redis.deadline, .connections = redis.connections, .tls = {.ca_file = redis.tls_ca}}};
  for (const auto& one : loops) options.redis.readers.push_back(one.get());
  store = store::open_store(std::move(options)).value();
}

void gateway::parts::open_data_plane(const options& how) {
  shared.reset(new refrain::gateway::parts{.clock = clock,
                                           .store = *store,
                                           .purges = *purges,
                                           .money = money,
                                           .prices = ledger::built_in_prices(),
                                           .counts = counts,
                                           .digests = base::digester{settings.security.secret},
                                           .budget = entry::fill_budget{settings.fill.max_bytes},
                                           .via = next_via(),
                                           .former_digests = former_digests(settings)});
  std::vector<net::loop*> all;
  for (const auto& one : loops) all.push_back(one.get());
  const auto at = refrain::gateway::make_site(settings);
  if (!at) throw std::runtime_error(at.error().to_string());
  const auto trust = net::tls_context::for_clients({.ca_file = how.trusted_certificate}).value();
  data = server::data_plane::open(*shared, series, all, *at, trust).value();
  data->start();
  for (auto* const one : all) threads.emplace_back([one] { one->run(); });
}

gateway::gateway(options how) : parts_(std::make_unique<parts>()) {
  auto& settings = parts_->settings;
  settings.server.listen = {.host = "127.0.0.1", .port = 0};
  settings.log.level = base::severity::error;
  // Clients and others in one test: what requiring them means has tests of its own.
  settings.clients_required = false;
  base::set_log(settings.log.level, base::log_format::text);
  parts_->open_upstream(how);
  how.configure(settings);
  for (unsigned i = 0; i < how.threads; ++i) parts_->loops.push_back(std::make_unique<net::loop>());
  parts_->open_store(how);
  parts_->open_data_plane(how);
}

gateway::~gateway() {
  for (const auto& one : parts_->loops) one->stop();
  parts_->threads.clear();
  parts_->data->release();
  parts_->store.reset();
  for (const auto& one : parts_->loops) one->discard();
  parts_->upstream->stop();
}

std::uint16_t gateway::port() const { return parts_->data->bound().port; }
base::manual_clock& gateway::clock() { return parts_->clock; }
entry::store& gateway::store() { return *parts_->store; }
ledger::totals gateway::totals() const { return parts_->money.snapshot(); }
std::uint64_t gateway::calls() const { return parts_->upstream->counters().calls; }
std::uint64_t gateway::abandoned() const { return parts_->upstream->counters().abandoned; }
mock::server& gateway::upstream() { return *parts_->upstream; }
void gateway::drain() { parts_->shared->draining = true; }
std::size_t gateway::fills() const { return parts_->shared->fills.size(); }

std::uint64_t gateway::fill_bytes() const { return parts_->shared->budget.taken(); }
std::uint16_t gateway::upstream_port() const { return parts_->upstream_port; }

seen_request gateway::last_request() const {
  const auto got = http_client{parts_->upstream_port}.get("/__mock/last-request");
  const auto told = boost::json::parse(got.body);
  seen_request seen{.method = std::string(told.at("method").as_string()),
                    .target = std::string(told.at("target").as_string()),
                    .headers = {},
                    .body = {}};
  for (const auto& pair : told.at("headers").as_array()) {
    seen.headers.emplace_back(base::to_lower(std::string_view{pair.at(0).as_string()}), pair.at(1).as_string());
  }
  if (const auto* const body = told.as_object().if_contains("body")) seen.body = body->as_string();
  return seen;
}

void gateway::reload(const std::function<void(config::settings&)>& change) {
  change(parts_->settings);
  const auto at = refrain::gateway::make_site(parts_->settings);
  if (!at) throw std::runtime_error(at.error().to_string());
  if (const auto taken = parts_->data->configure(*at); !taken) throw std::runtime_error(taken.error().to_string());
  await_loops();
}

void gateway::look_at_certificate() { parts_->data->look_at_certificate(); }
unsigned gateway::tunnels() const { return parts_->shared->tunnels; }

void gateway::purge(entry::selector what) {
  auto done = boost::asio::co_spawn(parts_->loops.front()->get_executor(), store().catalogue().purge(std::move(what)),
                                    boost::asio::use_future);
  if (const auto report = done.get(); !report) throw std::runtime_error(report.error().to_string());
}

std::vector<entry::meta> gateway::entries() {
  constexpr std::size_t most = 1000;
  auto page = boost::asio::co_spawn(parts_->loops.front()->get_executor(), store().catalogue().list({}, "", most),
                                    boost::asio::use_future);
  return page.get().value().entries;
}

bool gateway::await_requests(unsigned count) {
  if (!eventually([&] { return parts_->data->under_way() == count; })) return false;
  // Counted is not yet read: each loop finishes the turn that it is in.
  await_loops();
  return true;
}

void gateway::await_loops() {
  for (const auto& one : parts_->loops) {
    boost::asio::post(one->get_executor(), boost::asio::use_future).get();
  }
}

bool gateway::eventually(const std::function<bool()>& what) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!what()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

std::string chat(std::string_view text, std::string_view more) {
  std::string body = R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":")";
  body.append(text).append(R"("}])").append(more).append("}");
  return body;
}

}  // namespace refrain::tests
