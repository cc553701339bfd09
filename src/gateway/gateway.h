#pragma once

#include <array>
#include <memory>

#include "gateway/ask/authenticator.h"
#include "gateway/ask/request_parser.h"
#include "gateway/assemble/reply.h"
#include "gateway/shared/parts.h"
#include "gateway/sources/exact.h"
#include "gateway/sources/fetcher.h"
#include "gateway/sources/foreign.h"
#include "gateway/sources/rotated.h"
#include "gateway/sources/similar.h"
#include "gateway/sources/stale.h"
#include "gateway/sources/upstream.h"
#include "http/exchange.h"

namespace refrain::gateway {

/// Answers requests, step by step: ask, search, assemble, send, settle. One gateway a loop, used on its thread alone;
/// what they share is in `parts`.
class gateway {
 public:
  gateway(parts& shared, net::loop& home, std::shared_ptr<const site> at, std::shared_ptr<net::tls_context> trust);

  /// Takes a new configuration for the requests to come. On the loop's thread.
  void configure(std::shared_ptr<const site> at);
  [[nodiscard]] const site& configuration() const noexcept { return *site_; }

  /// Gives up its connections upstream: for the end.
  void release() noexcept { fetcher_.client().close(); }

  /// Answers one request: what the router made of its path, or why it made nothing of it.
  [[nodiscard]] net::task<> answer(http::exchange& client, base::result<target> where);

  /// Counts and logs a request that was refused before there was one to answer.
  void note_refusal(const http::exchange& client, base::errc why);

 private:
  [[nodiscard]] net::task<> pass(http::exchange& client, const ask& request, entry::uncacheable_reason why,
                                 std::string_view front);
  [[nodiscard]] net::task<base::result<bool>> read_body(http::exchange& client, ask& request, std::string& collected);
  [[nodiscard]] net::task<base::result<void>> parse_apart(ask& request);
  [[nodiscard]] net::task<reply> assemble_apart(const search& lookup);
  [[nodiscard]] net::task<> refuse(http::exchange& client, const ask& request, base::error why);
  [[nodiscard]] net::task<> deliver(http::exchange& client, const ask& request, reply made);
  void settle(const http::exchange& client, const ask& request, const reply& sent);

  parts& shared_;
  std::shared_ptr<const site> site_;
  authenticator authenticator_;
  request_parser parser_;
  fetcher fetcher_;

  exact_source exact_;
  rotated_source rotated_;
  foreign_source foreign_;
  similar_source similar_;
  upstream_source upstream_;
  stale_source stale_;
  /// In this order. What is stored for the very question costs nothing. What the secret before a rotation sealed costs
  /// another look, and becomes ours. LiteLLM's answers cost a round trip to Redis, and become ours. A similar
  /// question's answer costs milliseconds, and may be another. The upstream costs money and time. An entry past its
  /// time is worse than all of these, and better than an error.
  const std::array<source*, 6> sources_{&exact_, &rotated_, &foreign_, &similar_, &upstream_, &stale_};
};

}  // namespace refrain::gateway
