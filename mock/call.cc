#include "mock/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <charconv>

namespace refrain::mock {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned char byte = 0;
    const auto* digits = text.data() + at + 1;
    if (text[at] == '%' && at + 2 < text.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      plain += static_cast<char>(byte);
      at += 2;
    } else {
      plain += text[at] == '+' ? ' ' : text[at];
    }
  }
  return plain;
}

}  // namespace

std::string_view call::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::string_view call::query() const {
  const auto mark = target.find('?');
  return mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
}

std::optional<std::string> call::parameter(std::string_view name) const {
  auto rest = query();
  while (!rest.empty()) {
    const auto member = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(member.size() + 1, rest.size()));
    const auto equals = std::min(member.find('='), member.size());
    if (percent_decoded(member.substr(0, equals)) != name) continue;
    return percent_decoded(member.substr(std::min(equals + 1, member.size())));
  }
  return std::nullopt;
}

std::string_view call::field(std::string_view name) const {
  for (const auto& one : headers) {
    if (boost::beast::iequals(one.name, name)) return one.value;
  }
  return {};
}

std::string_view call::authorization(std::string_view scheme) const {
  const auto shown = field("Authorization");
  if (shown.size() <= scheme.size() || shown[scheme.size()] != ' ') return {};
  return boost::beast::iequals(shown.substr(0, scheme.size()), scheme) ? shown.substr(scheme.size() + 1)
                                                                       : std::string_view{};
}

std::int64_t call::seconds() const {
  return std::chrono::time_point_cast<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string call::unique() const { return fmt::format("{:016x}{:08x}", run, number); }

std::string call::uuid() const {
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", run >> 32U, (run >> 16U) & 0xffffU, (run >> 4U) & 0xfffU,
                     run & 0xfffU, number);
}

}  // namespace refrain::mock
