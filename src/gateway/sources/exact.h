#pragma once

#include "gateway/sources/source.h"

namespace refrain::gateway {

/// Answers an item with what is stored for it, as far as its age and form allow.
void judge_stored(search& lookup, parts& shared, std::size_t item, entry::entry_ptr stored);

/// What is stored for this very question.
class exact_source final : public source {
 public:
  explicit exact_source(parts& shared) : shared_(shared) {}

  [[nodiscard]] bool applies(const search& lookup) const override { return lookup.request.plan.look_up; }
  [[nodiscard]] net::task<> find(search& lookup) override;

 private:
  parts& shared_;
};

}  // namespace refrain::gateway
