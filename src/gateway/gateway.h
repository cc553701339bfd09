#pragma once

#include <memory>

#include "gateway/admit.h"
#include "gateway/batch.h"
#include "gateway/fetch.h"
#include "gateway/parts.h"
#include "gateway/read.h"
#include "gateway/transaction.h"

namespace refrain::gateway {

/// The story of a request, step by step: admit, read, look up, fetch, deliver, settle. One gateway a loop, used on its
/// thread alone; what they share is in `parts`.
class gateway {
 public:
  gateway(parts& shared, net::loop& home, std::shared_ptr<const site> at, std::shared_ptr<net::tls_context> trust);

  /// Takes a new configuration for the requests to come. On the loop's thread.
  void configure(std::shared_ptr<const site> at);
  [[nodiscard]] const site& configuration() const noexcept { return *site_; }

  /// Gives up its connections upstream: for the end.
  void release() noexcept { fetcher_.client().close(); }

  /// Answers one request.
  [[nodiscard]] net::task<> answer(http::exchange& with, target where);

 private:
  [[nodiscard]] net::task<> answer_cached(transaction& now);
  [[nodiscard]] net::task<bool> answer_from_store(transaction& now);
  [[nodiscard]] net::task<bool> answer_from_inheritance(transaction& now);
  void refresh_behind(const transaction& now);
  [[nodiscard]] net::task<> ask_upstream(transaction& now);
  [[nodiscard]] cache::coalescer::membership take_place(const transaction& now, const std::shared_ptr<errand>& job,
                                                        bool shares);
  [[nodiscard]] entry::entry_ptr stored_meanwhile(const transaction& now);
  void withdraw(const cache::fill& unmade);
  [[nodiscard]] std::shared_ptr<errand> errand_for(const transaction& now);
  [[nodiscard]] net::task<> refuse(transaction& now, base::error why);
  void settle(const transaction& now);

  parts& shared_;
  std::shared_ptr<const site> site_;
  doorkeeper door_;
  request_reader reader_;
  fetcher fetcher_;
  batcher batcher_;
};

}  // namespace refrain::gateway
