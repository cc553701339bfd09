#pragma once

#include "gateway/sources/source.h"

namespace refrain::gateway {

/// Entries past their time, where the upstream has failed and the request or the route allows it (stale-if-error, RFC
/// 5861, section 4). All that is missing, or nothing.
class stale_source final : public source {
 public:
  explicit stale_source(parts& shared) : shared_(shared) {}

  [[nodiscard]] bool applies(const search& lookup) const override;
  [[nodiscard]] net::task<> find(search& lookup) override;

 private:
  parts& shared_;
};

}  // namespace refrain::gateway
