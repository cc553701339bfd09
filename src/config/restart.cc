#include <algorithm>
#include <utility>

#include "config/load.h"
#include "config/table.h"

namespace refrain::config {
namespace {

bool waits(const setting& row, const settings& fresh, const settings& running) {
  switch (row.value.applies) {
    case application::at_reload: return false;
    case application::at_start: return !row.value.same(fresh, running);
    case application::at_reload_if_set: return row.value.read(fresh, "").empty() != row.value.read(running, "").empty();
  }
  std::unreachable();
}

auto find_shown(auto& rows, std::string_view key) { return std::ranges::find(rows, key, &shown_setting::key); }

}  // namespace

void keep_until_restart(loaded& fresh, const loaded& running) {
  for (const auto& row : table()) {
    if (!waits(row, fresh.values, running.values)) continue;
    row.value.keep(fresh.values, running.values);
    const auto to_be = find_shown(fresh.shown, row.key);
    const auto as_is = find_shown(running.shown, row.key);
    fresh.waiting.push_back(to_be == fresh.shown.end() ? shown_setting{.key = std::string(row.key)} : *to_be);
    if (to_be != fresh.shown.end() && as_is != running.shown.end()) *to_be = *as_is;
  }
}

}  // namespace refrain::config
