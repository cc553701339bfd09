#pragma once

#include <string>

#include "provider/dialect.h"

namespace refrain::provider {

/// A dialect whose requests go upstream to the letter and whose answers have one form: a base for those that differ in
/// what they read alone.
class single_form : public dialect {
 public:
  [[nodiscard]] std::string forward_body(std::string_view body, const entry::facts& /*known*/,
                                         bool /*ask_usage*/) const override {
    return std::string{body};
  }

  [[nodiscard]] bool can_serve(entry::wire_form recorded_form, bool /*usage_asked*/, entry::wire_form wanted,
                               bool /*wants_usage*/) const override {
    return recorded_form == wanted;
  }

  [[nodiscard]] base::result<rendering> render(const recorded& /*answer*/, entry::wire_form /*wanted*/,
                                               bool /*wants_usage*/) const override {
    return base::fail(base::errc::not_found, "this endpoint answers in one form");
  }
};

}  // namespace refrain::provider
