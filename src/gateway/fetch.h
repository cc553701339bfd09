#pragma once

#include <memory>
#include <string>

#include "entry/entry.h"
#include "gateway/parts.h"
#include "gateway/site.h"
#include "http/client.h"
#include "provider/registry.h"

namespace refrain::gateway {

/// An upstream call that is to be made, and what is to become of its answer.
struct errand {
  std::shared_ptr<const site> at;
  const upstream* to = nullptr;
  const provider::endpoint_row* endpoint = nullptr;
  std::shared_ptr<cache::fill> fill;
  std::string head;
  std::string body;
  bool store = false;                             ///< record the answer
  entry::refusal why_not = entry::refusal::none;  ///< set where it is not recorded
  entry::outcome asked = entry::outcome::miss;
  entry::meta about;  ///< of the entry to be: all but what the answer tells
};

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
  void record(run& under_way, const provider::verdict& judged);
  void attend(const std::shared_ptr<run>& under_way);
  void deserted(run& under_way);

  parts& shared_;
  http::client client_;
};

}  // namespace refrain::gateway
