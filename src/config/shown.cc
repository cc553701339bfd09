#include <utility>

#include "config/candidates.h"

namespace refrain::config {
namespace {

/// What decided the value: a source that gives the setting itself, or the general one that stands behind it.
const candidate* decider(const setting& row, std::string_view name, const candidates& all) {
  if (const auto* const own = all.winner(key_of(row, name))) return own;
  return row.general.empty() ? nullptr : all.winner(row.general);
}

/// `default`, and what that means where no value could say it.
std::string default_origin(const setting& row, std::string_view value) {
  if (!value.empty() || row.default_text.empty()) return "default";
  return "default: " + std::string(row.default_text);
}

shown_setting show_one(const setting& row, std::string_view name, const settings& values, const candidates& all) {
  const auto* const by = decider(row, name, all);
  auto value = row.value.read(values, name);
  auto origin = by == nullptr ? default_origin(row, value) : by->origin;
  return {.key = key_of(row, name),
          .value = std::move(value),
          .unit = std::string(row.value.unit),
          .meaning = std::string(row.meaning),
          .applies = std::string(to_string(row.value.applies)),
          .from = by == nullptr ? source::built_in : by->from,
          .origin = std::move(origin)};
}

}  // namespace

std::vector<shown_setting> show(const settings& values, const candidates& all) {
  std::vector<shown_setting> rows;
  const auto show_section = [&](std::string_view section, std::string_view name) {
    for (const auto& row : table()) {
      if (is_named(row) && row.key.starts_with(section)) rows.push_back(show_one(row, name, values, all));
    }
  };
  for (const auto& row : table()) {
    if (!is_named(row)) rows.push_back(show_one(row, "", values, all));
  }
  for (const auto& [name, upstream] : values.upstreams) show_section("upstream.", name);
  for (const auto& [name, client] : values.clients) show_section("clients.", name);
  return rows;
}

}  // namespace refrain::config
