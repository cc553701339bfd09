#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "cli/doctor/checks.h"

namespace refrain::cli {
namespace {

/// A condition in the JSON, and before a line.
struct shown {
  std::string_view name;
  std::string_view mark;
};
shown show(condition value) noexcept {
  switch (value) {
    case condition::ok: return {"ok", "ok "};
    case condition::warning: return {"warning", "!  "};
    case condition::fault: return {"fault", "X  "};
  }
  std::unreachable();
}

}  // namespace

bool has_fault(const findings& all) noexcept {
  return std::ranges::find(all, condition::fault, &finding::what) != all.end();
}

std::string as_text(const findings& all) {
  std::size_t width = 0;
  for (const auto& one : all) width = std::max(width, one.check.size());
  std::string text;
  for (const auto& one : all) {
    text += fmt::format("{} {:{}}  {}\n", show(one.what).mark, one.check, width, one.text);
    if (!one.remedy.empty()) text += fmt::format("{:{}}-> {}\n", "", width + 6, one.remedy);
  }
  const auto count = [&all](condition what) { return std::ranges::count(all, what, &finding::what); };
  return text + fmt::format("\n{} ok, {} to look at, {} at fault\n", count(condition::ok), count(condition::warning),
                            count(condition::fault));
}

std::string as_json(const findings& all) {
  boost::json::array checks;
  for (const auto& one : all) {
    checks.push_back(boost::json::object{
        {"check", one.check}, {"verdict", show(one.what).name}, {"text", one.text}, {"mend", one.remedy}});
  }
  return boost::json::serialize(boost::json::object{{"ok", !has_fault(all)}, {"checks", std::move(checks)}}) + "\n";
}

}  // namespace refrain::cli
