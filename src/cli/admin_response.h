#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace refrain::cli {

/// A response of the admin API, read by JSON pointers (RFC 6901). A gateway of another version may say less: what is
/// not there, or is of another type, is empty or 0.
class admin_response {
 public:
  explicit admin_response(boost::json::value form) : form_(std::move(form)) {}

  [[nodiscard]] std::string text(std::string_view pointer) const;
  [[nodiscard]] std::int64_t number(std::string_view pointer) const;
  [[nodiscard]] std::optional<double> share(std::string_view pointer) const;
  [[nodiscard]] const boost::json::array& list(std::string_view pointer) const;
  [[nodiscard]] const boost::json::value* find(std::string_view pointer) const;

  [[nodiscard]] const boost::json::value& form() const noexcept { return form_; }
  /// The whole of it, on a line.
  [[nodiscard]] std::string line() const;

 private:
  template <class Number>
  [[nodiscard]] std::optional<Number> read(std::string_view pointer) const;

  boost::json::value form_;
};

}  // namespace refrain::cli
