#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "entry/store.h"
#include "ledger/totals.h"
#include "mock/server.h"
#include "support/base/manual_clock.h"
#include "support/http_client.h"

namespace refrain::tests {

/// A request as the upstream got it: names in lower case.
struct seen_request {
  std::string method;
  std::string target;
  header_list headers;
  std::string body;

  /// The first field of that name; empty for none.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
};

/// A gateway at work in this process, on free ports of 127.0.0.1, with `refrain mock` as its upstream and time that
/// stands still. The upstream is configured as `openai`, with the key `sk-lent` to lend.
class gateway {
 public:
  struct options {
    std::function<void(config::settings&)> configure = [](config::settings&) {};
    mock::options upstream{};
    unsigned threads = 2;
    bool upstream_is_up = true;
    std::string store = "memory:";
    /// PEM of a certificate that upstreams may show beside those that the system trusts; empty for none.
    std::string trusted_certificate{};
  };

  gateway() : gateway(options{}) {}
  explicit gateway(options how);
  ~gateway();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] http_client client() const { return http_client{port()}; }
  [[nodiscard]] base::manual_clock& clock();
  [[nodiscard]] entry::store& store();
  [[nodiscard]] ledger::totals totals() const;

  /// Calls that reached the upstream.
  [[nodiscard]] std::uint64_t calls() const;
  /// Calls whose client left before the answer's end.
  [[nodiscard]] std::uint64_t abandoned() const;
  [[nodiscard]] mock::server& upstream();
  [[nodiscard]] std::uint16_t upstream_port() const;
  /// The last request that the upstream got.
  [[nodiscard]] seen_request last_request() const;

  /// New requests are told to come back.
  void drain();
  /// Takes a changed configuration; once it returns, all requests to come meet it.
  void reload(const std::function<void(config::settings&)>& change);
  /// What the gateway does each second.
  void look_at_certificate();
  /// WebSockets that are open.
  [[nodiscard]] unsigned tunnels() const;
  /// Kills what matches, now and in flight.
  void purge(entry::selector what);
  /// All that is stored.
  [[nodiscard]] std::vector<entry::meta> entries();

  /// Upstream calls under way that others may join.
  [[nodiscard]] std::size_t fills() const;
  /// Memory that recordings in progress hold.
  [[nodiscard]] std::uint64_t fill_bytes() const;
  /// Waits until so many requests are being answered, and each has got as far as it gets by itself.
  [[nodiscard]] bool await_requests(unsigned count);

  /// Asks `what` again and again until it holds; false after twenty seconds.
  [[nodiscard]] static bool eventually(const std::function<bool()>& what);

 private:
  struct parts;
  void await_loops();

  std::unique_ptr<parts> parts_;
};

/// A chat request as the OpenAI SDK sends it. `more` goes in front of the closing brace: `,"stream":true`.
[[nodiscard]] std::string chat(std::string_view text, std::string_view more = "");

inline constexpr std::string_view chat_path = "/v1/chat/completions";
inline constexpr std::string_view streamed = R"(,"stream":true)";
inline constexpr std::string_view streamed_with_usage = R"(,"stream":true,"stream_options":{"include_usage":true})";

}  // namespace refrain::tests
