#include "cli/transfer/import_tally.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <utility>

#include "cli/readable.h"

namespace refrain::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t most_faults = 10;

/// A count, as the admin API and the JSON name it, and as a person is told of it.
struct counted {
  const char* name;
  std::int64_t import_tally::* count;
  std::string_view told;  ///< empty: on a line of its own
};
constexpr std::array counts{
    counted{"written", &import_tally::written, ""},
    counted{"expired", &import_tally::expired, "left out, as their time is over"},
    counted{"purged", &import_tally::purged, "left out, as they were purged there (--despite-purges takes them)"},
    counted{"dropped", &import_tally::dropped, "lost, as the store did not take them: `refrain doctor` looks at it"},
    counted{"refused", &import_tally::refused, "refused"},
};

}  // namespace

void import_tally::refuse(std::int64_t line, std::string why) {
  ++refused;
  if (faults.size() < most_faults) faults.push_back({line, std::move(why)});
}

void import_tally::add(const admin_response& response, std::int64_t first_line) {
  for (const auto& one : counts) this->*one.count += response.number(std::string("/") + one.name);
  for (const auto& one : response.list("/faults")) {
    const admin_response row{one};
    if (faults.size() < most_faults) faults.push_back({first_line + row.number("/line") - 1, row.text("/why")});
  }
}

std::string as_text(const import_tally& all, const std::string& into) {
  auto text = fmt::format("imported {} into {}\n", readable_entries(all.written), into);
  for (const auto& [name, count, told] : counts) {
    if (!told.empty() && all.*count > 0) text += fmt::format("{:>8} {}\n", all.*count, told);
  }
  for (const auto& [line, why] : all.faults) text += fmt::format("         line {}: {}\n", line, why);
  if (std::cmp_greater(all.refused, all.faults.size())) text += "         and so on\n";
  return text;
}

std::string as_json(const import_tally& all) {
  json::array faults;
  for (const auto& [line, why] : all.faults) faults.push_back(json::object{{"line", line}, {"why", why}});
  json::object form;
  for (const auto& one : counts) form[one.name] = all.*one.count;
  form["faults"] = std::move(faults);
  return json::serialize(form) + "\n";
}

}  // namespace refrain::cli
