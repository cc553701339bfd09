#pragma once

#include <vector>

#include "gateway/sources/source.h"

namespace refrain::gateway {

/// What is stored under `security.secret_previous`: keys and tenants have other digests there. What is served is put
/// under the secret of now, so that the previous one can be given up once nothing is left that counts.
class rotated_source final : public source {
 public:
  explicit rotated_source(parts& shared) : shared_(shared) {}

  [[nodiscard]] bool applies(const search& lookup) const override;
  [[nodiscard]] net::task<> find(search& lookup) override;

 private:
  void take_over(search& lookup, std::size_t item, const entry::entry& stored);

  parts& shared_;
};

}  // namespace refrain::gateway
