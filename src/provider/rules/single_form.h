#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// A dialect whose recordings serve their own form alone: a base for those that differ in what they read.
class single_form : public dialect {
 public:
  [[nodiscard]] bool can_serve(entry::wire_form recorded_form, bool /*usage_asked*/, entry::wire_form wanted,
                               bool /*wants_usage*/) const override {
    return recorded_form == wanted;
  }

  [[nodiscard]] base::result<rendering> render(const recorded& /*answer*/, entry::wire_form /*wanted*/,
                                               bool /*wants_usage*/) const override {
    return base::fail(base::errc::not_found, "an answer of this endpoint has one form");
  }
};

}  // namespace refrain::provider
