#pragma once

#include "gateway/sources/source.h"

namespace refrain::gateway {

/// What is stored for this very question.
class exact_source final : public source {
 public:
  explicit exact_source(parts& shared) : shared_(shared) {}

  [[nodiscard]] bool applies(const search& of) const override { return of.what.plan.look_up; }
  [[nodiscard]] net::task<> find(search& of) override;

 private:
  void take(search& of, std::size_t item, entry::entry_ptr stored);

  parts& shared_;
};

}  // namespace refrain::gateway
