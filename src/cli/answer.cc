#include "cli/answer.h"

#include <boost/json.hpp>

namespace refrain::cli {

namespace json = boost::json;

base::result<answer> answer::of(backend& who, const question& what) {
  const auto text = who.ask(what);
  if (!text) return base::fail(text.error());
  json::error_code fault;
  auto form = json::parse(*text, fault);
  if (fault) return base::fail(base::errc::io, who.name() + " did not answer in JSON");
  return answer{std::move(form)};
}

const json::value* answer::find(std::string_view pointer) const {
  json::error_code fault;
  return form_.find_pointer({pointer.data(), pointer.size()}, fault);
}

std::string answer::text(std::string_view pointer) const {
  const auto* const found = find(pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string{};
}

std::int64_t answer::number(std::string_view pointer) const {
  const auto* const found = find(pointer);
  if (found == nullptr) return 0;
  json::error_code fault;
  const auto value = found->to_number<std::int64_t>(fault);
  return fault ? 0 : value;
}

std::optional<double> answer::share(std::string_view pointer) const {
  const auto* const found = find(pointer);
  if (found == nullptr) return std::nullopt;
  json::error_code fault;
  const auto value = found->to_number<double>(fault);
  return fault ? std::nullopt : std::optional{value};
}

const json::array& answer::list(std::string_view pointer) const {
  static const json::array none;
  const auto* const found = find(pointer);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

}  // namespace refrain::cli
