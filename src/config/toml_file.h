#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace refrain::config {

/// A value of a TOML file.
struct toml_value {
  std::vector<std::string> path;  ///< table names and the key, from the outside in
  std::string text;               ///< as a variable would write it: an array is a list with commas
  bool is_list = false;
  int line = 0;  ///< from 1
};

/// All values of a TOML document in its order by tables. `name` is what messages call the file. Fails with bad_config
/// where it is no TOML, or holds a value that no setting could have (a date, an array of tables); the message never
/// repeats a value, which may be a secret.
[[nodiscard]] base::result<std::vector<toml_value>> read_toml(std::string_view document, std::string_view name);

}  // namespace refrain::config
