#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "provider/dialect.h"

namespace refrain::provider {

/// A dialect whose recordings turn into other forms than their own, whether usage is wished for or not: a base for
/// those that differ in how they turn. Unless it says otherwise, every form holds what all others need.
class many_forms : public dialect {
 public:
  [[nodiscard]] bool can_serve(entry::wire_form /*recorded_form*/, bool /*usage_asked*/, entry::wire_form /*wanted*/,
                               bool /*wants_usage*/) const override {
    return true;
  }

  [[nodiscard]] base::result<rendering> render(const recorded& answer, entry::wire_form wanted,
                                               bool /*wants_usage*/) const final {
    if (answer.form == wanted) return base::fail(base::errc::not_found, "the recording has this form already");
    auto body = turn(answer, wanted);
    if (!body) return base::fail(std::move(body).error());
    return rendering{.content_type = std::string(type_of(answer, wanted)), .body = *std::move(body)};
  }

 private:
  /// The body in the other form, as `render`.
  [[nodiscard]] virtual base::result<std::string> turn(const recorded& answer, entry::wire_form wanted) const = 0;
  /// The Content-Type that it then has.
  [[nodiscard]] virtual std::string_view type_of(const recorded& answer, entry::wire_form wanted) const = 0;
};

}  // namespace refrain::provider
