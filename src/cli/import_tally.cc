#include "cli/import_tally.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

namespace refrain::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t most_faults = 10;

}  // namespace

void import_tally::refuse(std::int64_t line, std::string why) {
  ++refused;
  if (faults.size() < most_faults) faults.push_back({line, std::move(why)});
}

void import_tally::add(const answer& said, std::int64_t first_line) {
  written += said.number("/written");
  expired += said.number("/expired");
  purged += said.number("/purged");
  refused += said.number("/refused");
  dropped += said.number("/dropped");
  for (const auto& one : said.list("/faults")) {
    const answer row{one};
    if (faults.size() < most_faults) faults.push_back({first_line + row.number("/line") - 1, row.text("/why")});
  }
}

std::string as_text(const import_tally& all, const std::string& into) {
  auto text = fmt::format("imported {} {} into {}\n", all.written, all.written == 1 ? "entry" : "entries", into);
  const auto tell = [&text](std::int64_t count, std::string_view what) {
    if (count > 0) text += fmt::format("{:>8} {}\n", count, what);
  };
  tell(all.expired, "left out, as their time is over");
  tell(all.purged, "left out, as they were purged there (--despite-purges takes them)");
  tell(all.dropped, "lost, as the store did not take them: `refrain doctor` looks at it");
  tell(all.refused, "refused");
  for (const auto& [line, why] : all.faults) text += fmt::format("         line {}: {}\n", line, why);
  if (std::cmp_greater(all.refused, all.faults.size())) text += "         and so on\n";
  return text;
}

std::string as_json(const import_tally& all) {
  json::array faults;
  for (const auto& [line, why] : all.faults) faults.push_back(json::object{{"line", line}, {"why", why}});
  return json::serialize(json::object{{"written", all.written},
                                      {"expired", all.expired},
                                      {"purged", all.purged},
                                      {"dropped", all.dropped},
                                      {"refused", all.refused},
                                      {"faults", std::move(faults)}}) +
         "\n";
}

}  // namespace refrain::cli
