#pragma once

#include "gateway/sources/source.h"

namespace refrain::gateway {

/// What is stored for this very question.
class exact_source final : public source {
 public:
  explicit exact_source(parts& shared) : shared_(shared) {}

  [[nodiscard]] bool applies(const search& lookup) const override { return lookup.request.plan.look_up; }
  [[nodiscard]] net::task<> find(search& lookup) override;

 private:
  void judge(search& lookup, std::size_t item, entry::entry_ptr stored);

  parts& shared_;
};

}  // namespace refrain::gateway
