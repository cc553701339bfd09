#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/backend.h"

namespace refrain::cli {

/// An answer of the admin API, read by JSON pointers (RFC 6901). A gateway of another version may say less: what is not
/// there, or is of another type, is empty or 0.
class answer {
 public:
  explicit answer(boost::json::value form) : form_(std::move(form)) {}

  /// Asks, and reads what comes back. Errors as backend::ask; io for an answer that is no JSON.
  [[nodiscard]] static base::result<answer> of(backend& who, const question& what);

  [[nodiscard]] std::string text(std::string_view pointer) const;
  [[nodiscard]] std::int64_t number(std::string_view pointer) const;
  [[nodiscard]] std::optional<double> share(std::string_view pointer) const;
  [[nodiscard]] const boost::json::array& list(std::string_view pointer) const;
  [[nodiscard]] const boost::json::value* find(std::string_view pointer) const;

  [[nodiscard]] const boost::json::value& form() const noexcept { return form_; }

 private:
  boost::json::value form_;
};

}  // namespace refrain::cli
