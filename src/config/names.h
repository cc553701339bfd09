#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/table.h"

namespace refrain::config {

/// A setting as a source names it: its row, the upstream's or client's name where the row has one, and whether it is
/// the form that names a file with the value.
struct setting_ref {
  const setting* row = nullptr;
  std::string name;
  bool in_file = false;
};

/// How the three kinds of source spell a setting. `name` is empty for rows without one.
[[nodiscard]] std::string key_of(const setting& row, std::string_view name);  ///< `upstream.my-llm.api_key`
[[nodiscard]] std::string variable_of(const setting& row,
                                      std::string_view name);                  ///< `REFRAIN_UPSTREAM_MY_LLM_API_KEY`
[[nodiscard]] std::string flag_of(const setting& row, std::string_view name);  ///< `--upstream-my-llm-api-key`
[[nodiscard]] inline std::string key_of(const setting_ref& at) { return key_of(*at.row, at.name); }

/// A fixed variable of the row with `<NAME>` filled in: `MY_LLM_API_KEY`.
[[nodiscard]] std::string fill_in(std::string_view fixed_variable, std::string_view name);

/// `[a-z0-9-]+`, and none that a route of the gateway's own needs.
[[nodiscard]] bool is_name(std::string_view text) noexcept;

/// The setting that a dotted key names, each part an element: TOML tables and flags. Fails with bad_config and a
/// context that holds the key and the nearest right one, without saying where it stood.
[[nodiscard]] base::result<setting_ref> find_key(std::span<const std::string> path);

/// The setting that a `REFRAIN_...` variable names; nothing where it names none.
[[nodiscard]] std::optional<setting_ref> find_variable(std::string_view variable);

/// The nearest variable to a misspelt one.
[[nodiscard]] std::optional<std::string> nearest_variable(std::string_view misspelt);

}  // namespace refrain::config
