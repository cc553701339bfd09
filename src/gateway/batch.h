#pragma once

#include "gateway/fetch.h"
#include "gateway/parts.h"
#include "gateway/read.h"
#include "gateway/transaction.h"

namespace refrain::gateway {

/// Answers requests that ask for several things, each an entry of its own: what is stored or on its way for others is
/// not asked for again, the rest in one call, and the answer put together in the order of the request. Belongs to one
/// loop.
class batcher {
 public:
  batcher(parts& shared, const request_reader& keys, fetcher& fetch) : shared_(shared), keys_(keys), fetcher_(fetch) {}

  /// Answers a request that was read, whose plan is to look up, store or both, and whose dialect is a batch's. Fails,
  /// with nothing sent, where there is no answer: only_if_cached, what the upstream call failed with,
  /// upstream_protocol where its answer does not fit the request.
  [[nodiscard]] net::task<base::result<void>> answer(transaction& now);

 private:
  struct slot;
  struct batch_run;

  [[nodiscard]] std::shared_ptr<batch_run> begin(transaction& now) const;
  [[nodiscard]] net::task<> look_up(std::shared_ptr<batch_run> all);
  [[nodiscard]] net::task<base::result<void>> fetch_missing(std::shared_ptr<batch_run> all, bool shares);
  void refresh_behind(batch_run& all);
  void take_places(batch_run& all, const std::vector<std::size_t>& which, bool shares);
  [[nodiscard]] bool take_stored(const transaction& now, slot& one);
  void withdraw(const cache::fill& unmade);
  [[nodiscard]] std::shared_ptr<errand> make_call(batch_run& all, const std::vector<std::size_t>& which);
  [[nodiscard]] net::task<base::result<void>> await_call(std::shared_ptr<batch_run> all, std::shared_ptr<errand> job,
                                                         std::shared_ptr<entry::recording::reader> own);
  [[nodiscard]] net::task<base::result<void>> await_items(std::shared_ptr<batch_run> all);
  [[nodiscard]] net::task<base::result<void>> deliver(std::shared_ptr<batch_run> all);

  parts& shared_;
  const request_reader& keys_;
  fetcher& fetcher_;
};

}  // namespace refrain::gateway
