// Configuration files are read before anything else can help: no text of theirs may crash or hang the start.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/candidates.h"
#include "config/dot_env.h"
#include "config/names.h"
#include "config/redis_variables.h"
#include "config/toml_file.h"
#include "config/variables.h"

namespace {

using namespace refrain::config;

/// What was taken is shown in a form that is taken again and means the same.
void check_reading_back(const settings& written) {
  for (const auto& row : table()) {
    if (is_named(row) || row.value.shows != privacy::open) continue;
    const auto text = row.value.read(written, "");
    settings again;
    if (!text.empty() && (!row.value.write(again, "", text) || row.value.read(again, "") != text)) std::abort();
  }
}

/// Offers every value that a TOML document holds, as loading does.
void read_as_toml(std::string_view text) {
  const auto values = read_toml(text, "refrain.toml");
  if (!values) return;
  candidates all;
  for (const auto& value : *values) {
    const auto at = find_key(value.path);
    if (!at || at->in_file) continue;
    (void)all.offer(*at, {.text = value.text, .from = source::file, .origin = "refrain.toml"}, {});
  }
  settings written;
  all.write_into(written);
  check_reading_back(written);
}

/// Offers every variable of a `.env`, less those that name files.
void read_as_dot_env(std::string_view text) {
  auto file = read_dot_env(text);
  std::erase_if(file.variables, [](const auto& each) { return each.name.ends_with("_FILE"); });
  const auto all_variables = merge({}, file);
  candidates all;
  (void)offer_own_variables(all, all_variables, {});
  (void)offer_fixed_variables(all, all_variables, {});
  (void)offer_redis(all, all_variables, {});
  settings written;
  all.write_into(written);
  check_reading_back(written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  read_as_toml(text);
  read_as_dot_env(text);
  return 0;
}
