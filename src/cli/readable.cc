#include "cli/readable.h"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <string_view>

namespace refrain::cli {

std::string readable(std::chrono::seconds span) {
  struct unit {
    std::string_view name;
    std::int64_t seconds;
  };
  static constexpr std::array units{unit{"d", 86'400}, unit{"h", 3'600}, unit{"min", 60}, unit{"s", 1}};
  if (span.count() < 0) return "-" + readable(-span);
  auto left = span.count();
  std::size_t largest = 0;
  while (largest + 1 < units.size() && left < units[largest].seconds) ++largest;
  auto text = fmt::format("{} {}", left / units[largest].seconds, units[largest].name);
  left %= units[largest].seconds;
  if (largest + 1 == units.size() || left < units[largest + 1].seconds) return text;
  return text + fmt::format(" {} {}", left / units[largest + 1].seconds, units[largest + 1].name);
}

std::string readable(entry::micro_usd amount) {
  constexpr std::int64_t million = 1'000'000;
  constexpr std::int64_t cent = 10'000;
  if (amount.value == 0) return "$0";
  if (amount.value < 0) return "-" + readable(entry::micro_usd{-amount.value});
  const auto whole = amount.value / million;
  const auto rest = amount.value % million;
  return amount.value < cent ? fmt::format("${}.{:06}", whole, rest) : fmt::format("${}.{:04}", whole, rest / 100);
}

std::string readable_share(std::optional<double> share) { return share ? fmt::format("{:.1f} %", *share * 100) : "-"; }

std::optional<base::sys_seconds> time_from(const std::string& text, const char* format) {
  std::tm parts{};
  const char* const end = ::strptime(text.c_str(), format, &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return base::sys_seconds{std::chrono::seconds{::timegm(&parts)}};
}

}  // namespace refrain::cli
