#include <fmt/format.h>

#include <utility>

#include "config/known_providers.h"
#include "config/load.h"
#include "config/names.h"

namespace refrain::config {
namespace {

flag_row row_of(const setting& from, std::string name, std::string key) {
  return {.name = std::move(name),
          .key = std::move(key),
          .meaning = std::string(from.meaning),
          .unit = std::string(from.value.unit),
          .is_switch = from.value.is_switch,
          .switch_text = from.value.is_switch ? "true" : ""};
}

/// The few flags with names of their own. (`--admin-listen` is short enough as it is.)
void add_short_flags(const setting& from, std::vector<flag_row>& rows) {
  if (!from.flag.empty()) {
    rows.push_back(row_of(from, std::string(from.flag), std::string(from.key)));
    rows.back().is_common = true;
  }
  if (!from.switch_flag.empty()) {
    rows.push_back(row_of(from, std::string(from.switch_flag), std::string(from.key)));
    rows.back().is_common = true;
    rows.back().meaning = "Sets " + std::string(from.key) + " = false";
    rows.back().switch_text = "false";
  }
}

void add_long_flags(const setting& from, std::string_view name, std::vector<flag_row>& rows) {
  if (from.flag != flag_of(from, name)) rows.push_back(row_of(from, flag_of(from, name), key_of(from, name)));
  if (!has_file_form(from)) return;
  rows.push_back(row_of(from, flag_of(from, name) + "-file", key_of(from, name) + "_file"));
  rows.back().meaning = fmt::format("File that holds {}", key_of(from, name));
}

}  // namespace

std::vector<flag_row> flag_rows() {
  std::vector<flag_row> rows;
  for (const auto& row : table()) add_short_flags(row, rows);
  for (const auto& row : table()) {
    if (!is_named(row)) {
      add_long_flags(row, "", rows);
    } else if (row.key.starts_with("upstream.")) {
      for (const auto& known : built_in_upstreams()) add_long_flags(row, known.name, rows);
    }
  }
  return rows;
}

}  // namespace refrain::config
