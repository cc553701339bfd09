#include "cli/readable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

namespace refrain::cli {
namespace {

std::string savings(const ledger::tally& all) {
  if (all.unpriced == 0 || all.hits() == 0) return readable(all.saved) + " saved";
  return all.saved.value == 0 ? "an unknown sum saved, as the price is not known"
                              : fmt::format("at least {} saved", readable(all.saved));
}

/// "2 requests failed, the last with status 401"; empty for none.
std::string failures_of(const app::app::endings& ended) {
  if (ended.failed == 0) return {};
  if (ended.failed == 1) return fmt::format("1 request failed, with status {}", ended.last_failure);
  return fmt::format("{} requests failed, the last with status {}", ended.failed, ended.last_failure);
}

}  // namespace

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

std::string summary_of(const ledger::tally& all, const app::app::endings& ended) {
  const auto counted = all.hits() + all.misses();
  const auto failed = failures_of(ended);
  if (ended.answered == 0 && all.requests() == 0) {
    return "no request came through; does the command read OPENAI_BASE_URL or its like?";
  }
  if (all.requests() == 0 && ended.failed == ended.answered) return "nothing was answered: " + failed;
  const auto passed = std::max(all.count(entry::outcome::bypass), counted == 0 ? ended.answered - ended.failed : 0);
  auto line = counted == 0 ? fmt::format("{} passed through, none of them for the cache", passed)
                           : fmt::format("{} of {} answered from the cache, {}", all.hits(), counted, savings(all));
  if (counted > 0 && passed > 0) line += fmt::format("; {} passed through", passed);
  return failed.empty() ? line : fmt::format("{}; {}", line, failed);
}

}  // namespace refrain::cli
