#include "mock/call.h"

#include <fmt/format.h>

#include <boost/beast/core/string.hpp>

namespace refrain::mock {

std::string_view call::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::string_view call::query() const {
  const auto mark = target.find('?');
  return mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
}

std::string_view call::field(std::string_view name) const {
  for (const auto& one : headers) {
    if (boost::beast::iequals(one.name, name)) return one.value;
  }
  return {};
}

std::string call::unique() const { return fmt::format("{:016x}{:08x}", run, number); }

}  // namespace refrain::mock
