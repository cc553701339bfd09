#include "cli/admin_response.h"

#include <boost/json.hpp>

namespace refrain::cli {

namespace json = boost::json;

std::string admin_response::line() const { return json::serialize(form_) + "\n"; }

const json::value* admin_response::find(std::string_view pointer) const {
  json::error_code fault;
  return form_.find_pointer({pointer.data(), pointer.size()}, fault);
}

std::string admin_response::text(std::string_view pointer) const {
  const auto* const found = find(pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string{};
}

template <class Number>
std::optional<Number> admin_response::read(std::string_view pointer) const {
  const auto* const found = find(pointer);
  json::error_code fault;
  const auto value = found == nullptr ? Number{} : found->to_number<Number>(fault);
  return found == nullptr || fault ? std::nullopt : std::optional{value};
}

std::int64_t admin_response::number(std::string_view pointer) const { return read<std::int64_t>(pointer).value_or(0); }

std::optional<double> admin_response::share(std::string_view pointer) const { return read<double>(pointer); }

const json::array& admin_response::list(std::string_view pointer) const {
  static const json::array none;
  const auto* const found = find(pointer);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

}  // namespace refrain::cli
