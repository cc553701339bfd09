#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/shared/parts.h"
#include "gateway/sources/upstream_request.h"
#include "http/client.h"

namespace refrain::gateway {

/// Makes upstream calls: writes the answer into the recording as it arrives, and stores it once it is whole and good. A
/// call is a coroutine of its own: clients come and go as readers of the recording. Belongs to one loop.
class fetcher {
 public:
  fetcher(parts& shared, net::loop& home, std::shared_ptr<net::tls_context> trust)
      : shared_(shared), client_(home, {}, std::move(trust)) {}

  /// Starts a call; the recording tells the rest.
  void start(std::shared_ptr<upstream_request> request);

  /// The connections upstream, for what passes through.
  [[nodiscard]] http::client& client() noexcept { return client_; }

 private:
  struct run;
  struct judgement {
    provider::verdict of_all;
    std::vector<std::string> parts;  ///< of a list's answer: the bodies of its items' entries
  };

  [[nodiscard]] net::task<> perform(std::shared_ptr<upstream_request> request);
  [[nodiscard]] net::task<base::result<void>> carry_out(std::shared_ptr<run> under_way);
  [[nodiscard]] net::task<base::result<void>> ask(std::shared_ptr<run> under_way);
  void read_head(run& under_way, const http::response_head& head);
  [[nodiscard]] net::task<base::result<void>> read_body(std::shared_ptr<run> under_way);
  [[nodiscard]] static judgement judge(run& under_way, const std::optional<base::slice>& body);
  void conclude(run& under_way, judgement made, const std::optional<base::slice>& body);
  void abandon(run& under_way, const base::error& why);
  void settle(run& under_way, std::optional<base::errc> failed);
  void record(run& under_way, const provider::verdict& judged, base::slice body);
  void watch_readers(const std::shared_ptr<run>& under_way);
  void detach(run& under_way);

  parts& shared_;
  http::client client_;
};

}  // namespace refrain::gateway
