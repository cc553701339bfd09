#include "cli/run_summary.h"

#include <fmt/format.h>

#include "cli/readable.h"

namespace refrain::cli {
namespace {

std::string savings(const ledger::tally& all) {
  if (all.unpriced == 0 || all.hits() == 0) return readable(all.saved) + " saved";
  return all.saved.value == 0 ? "an unknown sum saved, as the price is not known"
                              : fmt::format("at least {} saved", readable(all.saved));
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
