#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "gateway/ask/ask.h"
#include "gateway/shared/parts.h"

namespace refrain::gateway {

/// Says who sends a request, and whether it is admitted. Belongs to one loop, as it remembers identities: to make one
/// takes digests, and clients show the same credential again and again.
class authenticator {
 public:
  explicit authenticator(const parts& shared) : shared_(shared) {}

  /// Writes `request.who`, `request.formerly` and `request.origin`. Preflights of listed origins have nobody (`who`
  /// stays nullptr). Errors: draining, misdirected_host, forbidden_origin, loop_detected, unauthorized.
  [[nodiscard]] base::result<void> admit(ask& request);

  /// Forgets everybody: the configuration has changed.
  void forget() { seen_.clear(); }

 private:
  struct caller {
    std::shared_ptr<const cache::identity> now;
    std::shared_ptr<const cache::identity> formerly;
  };

  [[nodiscard]] base::result<caller> identify(const ask& request);

  const parts& shared_;
  std::string scratch_;
  std::vector<http::field> beside_;
  std::unordered_map<std::string, caller> seen_;
};

/// Whether an earlier hop of this request was the gateway of that name (RFC 9110, section 7.6.3).
[[nodiscard]] bool came_from(http::fields_view fields, std::string_view via) noexcept;

}  // namespace refrain::gateway
