#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ask/authenticator.h"
#include "gateway/ask/request_parser.h"
#include "gateway/sources/upstream.h"
#include "store/memory_store.h"
#include "support/base/manual_clock.h"
#include "support/net/loop.h"

namespace refrain::gateway {

/// The gateway's floors without a socket: a request is made of its head and body, an upstream call is what the test
/// writes into its recording. Time stands still.
class floors {
 public:
  explicit floors(const std::function<void(config::settings&)>& configure = [](config::settings&) {}) {
    config::settings settings;
    settings.upstreams["openai"] = {.base_url = "https://api.example/v1",
                                    .dialect = "openai",
                                    .api_key = base::secret{"sk-lent"},
                                    .ask_usage = true};
    configure(settings);
    at_ = make_site(std::move(settings)).value();
  }

  /// An admitted and parsed request to the upstream `openai`. Lives as long as this.
  const ask& asking(std::string_view path, std::string body, std::vector<http::field> fields = {}) {
    auto& made = requests_.emplace_back();
    made.path = path;
    made.body = std::move(body);
    made.head.method = "POST";
    made.head.fields = std::move(fields);
    made.head.fields.push_back({"Host", "localhost"});
    auto& request = made.request;
    const auto& to = at_->upstreams.at("openai");
    request = {.at = at_,
               .where = {.to = &to, .endpoint = provider::find_endpoint("openai", made.path), .path = made.path},
               .head = &made.head,
               .began = clock.steady(),
               .body = made.body};
    admitted = authenticator_.admit(request);
    if (admitted) parsed = parser.parse(request);
    return request;
  }
  /// As the gateway does it for a hit.
  void remember(const ask& request) { parser.remember(request); }

  const ask& chat(std::string_view text, std::vector<http::field> fields = {}, std::string_view more = "") {
    return asking("/chat/completions",
                  R"({"model":"gpt-4o-mini")" + std::string(more) + R"(,"messages":[{"role":"user","content":")" +
                      std::string(text) + "\"}]}",
                  std::move(fields));
  }
  const ask& embeddings(std::string_view texts, std::vector<http::field> fields = {}) {
    return asking("/embeddings", R"({"model":"text-embedding-3-small","input":)" + std::string(texts) + "}",
                  std::move(fields));
  }

  /// Stores an entry for an item of a request.
  entry::entry_ptr keep(const ask& request, std::size_t item, std::string body,
                        std::chrono::seconds ttl = std::chrono::hours{1},
                        std::optional<entry::semantic_record> similar = {}) {
    auto made = std::make_shared<entry::entry>();
    made->about = describe(request, *make_fill(request, shared, item), item);
    made->about.stored_at = clock.seconds();
    made->about.ttl = ttl;
    made->about.content_type = "application/json";
    made->about.usage_asked = true;
    made->about.similar = std::move(similar);
    made->about.usage = {.input = 7, .cached_input = {}, .output = 3};
    made->about.cost = entry::micro_usd{5};
    made->about.size = body.size();
    made->body.emplace_back(std::move(body));
    kept.put(made);
    return made;
  }

  /// Asks a source on the loop, and waits for it.
  void find(source& from, search& of) { loop.run(done(from, of)); }
  /// The same without waiting for it.
  std::future<bool> start(source& from, search& of) { return loop.start(done(from, of)); }

  base::manual_clock clock;
  store::memory_store kept{{.memory_bytes = {1 << 20},
                            .entry_cap = {1 << 16},
                            .keep_stale = std::chrono::hours{1},
                            .clock = &clock,
                            .purges = std::make_shared<cache::purge_book>()}};
  cache::purge_book purges;
  ledger::ledger money;
  metrics::registry series;
  meters counts{series};
  parts shared{.clock = clock,
               .store = kept,
               .purges = purges,
               .money = money,
               .prices = ledger::built_in_prices(),
               .counts = counts,
               .digests = base::digester{base::secret{}},
               .budget = entry::fill_budget{{1 << 20}},
               .via = "refrain-1"};
  std::vector<std::shared_ptr<upstream_request>> calls;  ///< that `upstream` has made
  upstream_source upstream{shared, [this](std::shared_ptr<upstream_request> one) { calls.push_back(std::move(one)); }};
  request_parser parser{shared};
  base::result<void> admitted;
  base::result<void> parsed;
  net::running_loop loop;

 private:
  struct request {
    std::string path;
    std::string body;
    http::request_head head;
    ask request;
  };

  static net::task<bool> done(source& from, search& of) {
    co_await from.find(of);
    co_return true;
  }

  std::shared_ptr<const site> at_;
  authenticator authenticator_{shared};
  std::deque<request> requests_;
};

}  // namespace refrain::gateway
