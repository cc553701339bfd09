// docs/reference/settings.md, from the table.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "config/known_providers.h"
#include "config/load.h"
#include "config/redis_variables.h"
#include "config/values.h"

namespace refrain::config {

// src/config/reference/*.md: what stands before the tables.
extern const std::string_view reference_introduction, reference_redis, reference_upstreams;

namespace {

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", text); }

std::string default_cell(const setting& row) {
  if (!row.default_text.empty()) return std::string(row.default_text);
  const auto text = default_of(row);
  if (!text.empty()) return code(text);
  return is_named(row) ? "" : "none";
}

/// The names beside those that follow from the key.
std::string other_names(const setting& row) {
  std::vector<std::string> names;
  for (const auto name : {row.flag, row.switch_flag, row.variables[0], row.variables[1]}) {
    if (!name.empty()) names.push_back(code(name));
  }
  return print_list(names);
}

std::string section_page(const section& each) {
  auto page = fmt::format(
      "\n## {}\n\n{}.\n\n| setting | meaning | value | default | also | applies |\n|---|---|---|---|---|---|\n",
      each.name, each.meaning);
  for (const auto& row : table()) {
    if (section_of(row) != each.name) continue;
    page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.key, row.meaning, row.value.form(),
                        default_cell(row), other_names(row), to_string(row.value.applies));
  }
  return page;
}

std::string upstream_rows() {
  auto page = fmt::format("\n{}", reference_upstreams);
  for (const auto& row : built_in_upstreams()) {
    page += fmt::format("| `{}` | {} | {} | {} |\n", row.name, row.base_url, row.dialect, row.ask_usage ? "yes" : "no");
  }
  return page;
}

std::string redis_page() {
  auto page = fmt::format("\n{}", reference_redis);
  for (const auto& row : redis_variables()) {
    page += fmt::format("| `{}` | {} | {} |\n", row.name, row.meaning, code(row.default_text));
  }
  return page;
}

}  // namespace

std::string reference_page() {
  std::string page(reference_introduction);
  for (const auto& each : sections()) {
    page += section_page(each);
    if (each.name == "store") page += redis_page();
    if (each.name == "upstream") page += upstream_rows();
  }
  return page;
}

}  // namespace refrain::config
