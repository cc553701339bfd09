#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "gateway/parts.h"
#include "gateway/transaction.h"

namespace refrain::gateway {

/// The first step: may this request come in, and who sends it? Belongs to one loop, as it remembers whom it has seen:
/// telling who somebody is takes digests, and clients show the same credential again and again.
class doorkeeper {
 public:
  explicit doorkeeper(const parts& shared) : shared_(shared) {}

  /// Writes `now.who`. Errors: misdirected_host, forbidden_origin, loop_detected, unauthorized.
  [[nodiscard]] base::result<void> admit(transaction& now);

  /// Forgets everybody: the configuration has changed.
  void forget() { seen_.clear(); }

 private:
  [[nodiscard]] base::result<std::shared_ptr<const cache::identity>> identify(const transaction& now);

  const parts& shared_;
  std::string scratch_;
  std::unordered_map<std::string, std::shared_ptr<const cache::identity>> seen_;
};

}  // namespace refrain::gateway
