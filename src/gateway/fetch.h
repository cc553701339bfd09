#pragma once

#include <memory>

#include "gateway/errand.h"
#include "gateway/parts.h"
#include "http/client.h"

namespace refrain::gateway {

/// The fourth step: asks upstream, writes the answer into the recording as it arrives, and stores it once it is whole
/// and good. A run is a coroutine of its own: clients come and go as readers of the recording. Belongs to one loop.
class fetcher {
 public:
  fetcher(parts& shared, net::loop& home, std::shared_ptr<net::tls_context> trust)
      : shared_(shared), client_(home, {}, std::move(trust)) {}

  /// Starts a run; the recording tells the rest.
  void start(std::shared_ptr<errand> what);

  /// The connections upstream, for what passes through.
  [[nodiscard]] http::client& client() noexcept { return client_; }

 private:
  struct run;

  [[nodiscard]] net::task<> perform(std::shared_ptr<errand> what);
  [[nodiscard]] net::task<base::result<void>> carry_out(std::shared_ptr<run> under_way);
  [[nodiscard]] net::task<base::result<void>> ask(std::shared_ptr<run> under_way);
  void heard(run& under_way, const http::response_head& head);
  [[nodiscard]] net::task<base::result<void>> take_answer(std::shared_ptr<run> under_way);
  void settle(run& under_way);
  void hand_over(run& under_way, const provider::verdict& judged, bool storable);
  void record(run& under_way, const provider::verdict& judged);
  void attend(const std::shared_ptr<run>& under_way);
  void deserted(run& under_way);

  parts& shared_;
  http::client client_;
};

}  // namespace refrain::gateway
