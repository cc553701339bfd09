#include "cli/run_summary.h"

#include <fmt/format.h>

namespace refrain::cli {
namespace {

/// Cents matter little and hundredths of them much: four decimals, six for less than a cent.
std::string dollars(entry::micro_usd amount) {
  constexpr std::int64_t million = 1'000'000;
  constexpr std::int64_t cent = 10'000;
  if (amount.value == 0) return "$0";
  const auto whole = amount.value / million;
  const auto rest = amount.value % million;
  return amount.value < cent ? fmt::format("${}.{:06}", whole, rest) : fmt::format("${}.{:04}", whole, rest / 100);
}

std::string savings(const ledger::tally& all) {
  if (all.unpriced == 0 || all.hits() == 0) return dollars(all.saved) + " saved";
  return all.saved.value == 0 ? "an unknown sum saved, as the price is not known"
                              : fmt::format("at least {} saved", dollars(all.saved));
}

}  // namespace

std::string summary_of(const ledger::tally& all) {
  const auto passed = all.count(entry::outcome::bypass);
  const auto counted = all.hits() + all.misses();
  if (all.requests() == 0) return "no request came through; does the command read OPENAI_BASE_URL or its like?";
  if (counted == 0) return fmt::format("{} passed through, none of them for the cache", passed);
  auto line = fmt::format("{} of {} answered from the cache, {}", all.hits(), counted, savings(all));
  if (passed > 0) line += fmt::format("; {} passed through", passed);
  return line;
}

}  // namespace refrain::cli
