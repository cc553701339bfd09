// The example files, from the table. Prose begins with "# ", a setting that may be uncommented with "#" alone.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/text.h"
#include "config/known_providers.h"
#include "config/load.h"
#include "config/names.h"
#include "config/redis_variables.h"

namespace refrain::config {
namespace {

constexpr std::string_view upstream_example = "my-server";
constexpr std::string_view client_example = "web";

/// What stands after the equals sign: the default, or something right where there is none.
std::string sample_of(const setting& row) {
  auto text = default_of(row);
  return text.empty() ? std::string(row.example) : text;
}

/// `(default; a plain number counts seconds)`.
std::string note_on(const setting& row) {
  std::string note;
  if (!row.default_text.empty()) {
    note = fmt::format("default: {}", row.default_text);
  } else if (default_of(row).empty() && row.value.shows != privacy::secret && !is_named(row)) {
    note = "default: none";
  }
  if (!row.value.unit.empty()) {
    note += fmt::format("{}a plain number counts {}", note.empty() ? "" : "; ", row.value.unit);
  }
  return note.empty() ? "" : fmt::format(" ({})", note);
}

std::string toml_value_of(const setting& row) {
  const auto text = sample_of(row);
  if (row.value.is_switch || (!text.empty() && base::to_integer<std::uint64_t>(text))) return text;
  if (!row.value.is_list) return fmt::format("\"{}\"", text);
  std::string items;
  for (const auto item : base::split(text, ',')) items += fmt::format("{}\"{}\"", items.empty() ? "" : ", ", item);
  return fmt::format("[{}]", items);
}

/// A value with blanks stands in quotes, so that a shell could read the file as well.
std::string dot_env_value_of(const setting& row) {
  const auto text = sample_of(row);
  return text.find_first_of(" #;()&|<>*?$`'\\~") == std::string::npos ? text : fmt::format("\"{}\"", text);
}

std::string toml_section(const section& each) {
  std::string page = fmt::format("\n# {}.\n", each.meaning);
  std::string headed;
  for (const auto& row : table()) {
    if (section_of(row) != each.name) continue;
    const auto example = each.name == "clients" ? client_example : upstream_example;
    const auto head = is_named(row) ? fmt::format("#[{}.{}]\n", each.name, example) : fmt::format("[{}]\n", each.name);
    if (head != headed) page += head;
    headed = head;
    page += fmt::format("# {}{}.\n#{} = {}\n", row.meaning, note_on(row), row.key.substr(row.key.rfind('.') + 1),
                        toml_value_of(row));
  }
  return page;
}

std::string dot_env_section(const section& each) {
  std::string page = fmt::format("\n# {}.\n", each.meaning);
  for (const auto& row : table()) {
    if (section_of(row) != each.name || is_named(row)) continue;
    // Upper case is what people write in such a file, even where lower case wins.
    const auto fixed = row.variables[1].empty() ? row.variables[0] : row.variables[1];
    page += fmt::format("# {}{}.\n#{}={}\n", row.meaning, note_on(row),
                        fixed.empty() ? variable_of(row, "") : std::string(fixed), dot_env_value_of(row));
  }
  return page;
}

std::string dot_env_keys() {
  std::string page =
      "\n# Keys of the providers, lent to clients that send none. Each may stand in a file: ..._FILE=PATH.\n";
  for (const auto& known : built_in_upstreams()) page += fmt::format("#{}=\n", fill_in("<NAME>_API_KEY", known.name));
  page += "# Where a provider is, if not at its usual address: ..._BASE_URL, or ..._API_BASE.\n";
  page += "#OPENAI_BASE_URL=https://api.openai.com/v1\n";
  return page;
}

std::string dot_env_redis() {
  std::string page =
      "\n# A Redis or Valkey that existing setups name. With none of these, entries are kept on this machine.\n";
  for (const auto& row : redis_variables())
    page += fmt::format("# {}.\n#{}={}\n", row.meaning, row.name, row.default_text);
  return page;
}

}  // namespace

std::string example_toml() {
  std::string page =
      "# Settings of Refrain. Copy this file to refrain.toml, in the folder where you start refrain or in\n"
      "# ~/.config/refrain/, and take the # away from lines that you change. Later wins: built-in default, this file, "
      ".env,\n"
      "# environment, flag. `refrain config` shows what counts and where it came from.\n";
  for (const auto& each : sections()) page += toml_section(each);
  return page;
}

std::string example_dot_env() {
  std::string page =
      "# Variables of Refrain. Copy this file to .env in the folder where you start refrain, or set them in the\n"
      "# environment, which wins; take the # away from lines that you change. An empty variable says nothing.\n";
  page += dot_env_keys();
  page += dot_env_redis();
  for (const auto& each : sections()) {
    if (each.name != "upstream" && each.name != "clients") page += dot_env_section(each);
  }
  return page;
}

}  // namespace refrain::config
