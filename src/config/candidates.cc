#include "config/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "config/secret_file.h"

namespace refrain::config {
namespace {

base::error bad_value(const setting_ref& at, const candidate& one) {
  const auto& value = at.row->value;
  const auto quoted = value.shows == privacy::open ? fmt::format(" = '{}'", base::shorten(one.text, 80)) : "";
  return {.code = base::errc::bad_config,
          .context = fmt::format("{}{}{}: give {}", key_of(at), quoted, where(one.from, one.origin), value.form())};
}

}  // namespace

base::result<void> candidates::offer(const setting_ref& at, candidate one, const std::filesystem::path& folder) {
  if (at.in_file) {
    auto text = read_secret_file(folder / one.text);
    if (!text) {
      return base::fail(base::errc::bad_config,
                        fmt::format("{}{}: {}", key_of(at), where(one.from, one.origin), text.error().context));
    }
    one.text = *std::move(text);
    one.through_file = true;
    --one.weight;
  }
  settings scratch;
  if (!at.row->value.write(scratch, at.name, one.text)) return base::fail(bad_value(at, one));

  auto& contest = contests_[key_of(at)];
  contest.at = at;
  const auto rank = [](const candidate& entrant) { return std::pair(entrant.from, entrant.weight); };
  const auto after = std::ranges::upper_bound(contest.entrants, rank(one), {}, rank);
  contest.entrants.insert(after, std::move(one));
  return {};
}

const candidate* candidates::winner(std::string_view key) const {
  const auto found = contests_.find(key);
  return found == contests_.end() || found->second.entrants.empty() ? nullptr : &found->second.entrants.back();
}

std::set<std::string> candidates::names_of(std::string_view section) const {
  std::set<std::string> names;
  for (const auto& [key, contest] : contests_) {
    if (is_named(*contest.at.row) && key.starts_with(fmt::format("{}.", section))) names.insert(contest.at.name);
  }
  return names;
}

void candidates::withdraw(std::string_view row_key,
                          const std::function<bool(const std::string& name, const candidate&)>& is_out) {
  for (auto& [key, contest] : contests_) {
    if (contest.at.row->key != row_key) continue;
    std::erase_if(contest.entrants, [&](const candidate& one) { return is_out(contest.at.name, one); });
  }
}

void candidates::write_into(settings& values) const {
  for (const auto& row : table()) {
    for (const auto& [key, contest] : contests_) {
      if (contest.at.row != &row || contest.entrants.empty()) continue;
      row.value.write(values, contest.at.name, contest.entrants.back().text);
    }
  }
}

}  // namespace refrain::config
