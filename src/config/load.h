#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"

namespace refrain::config {

/// Where a value came from, in the order in which the later wins.
enum class source : unsigned char { built_in, file, dot_env, environment, flag };

/// `default`, `file`, `dot_env`, `environment`, `flag`: as the JSON of `refrain config` and of the admin API has it.
[[nodiscard]] std::string_view to_string(source from) noexcept;

/// ` in refrain.toml line 3`, ` from --listen`: the origin as a message goes on with it behind the setting's name.
[[nodiscard]] std::string where(source from, std::string_view origin);

/// A setting as it stands after loading: for `refrain config` and the admin view. Secrets are masked already.
struct shown_setting {
  std::string key;      ///< `server.listen`
  std::string value;    ///< as it would be written; masked where secret
  std::string unit;     ///< "seconds", "bytes", ...; empty for none
  std::string meaning;  ///< one sentence
  std::string applies;  ///< when a change of it does: `reload`, `start`
  source from = source::built_in;
  std::string origin;  ///< a person's words: `OPENAI_API_KEY in .env`, `refrain.toml line 3`, `--listen`, `default`,
                       ///< `default: ...`
};

/// A complete configuration and what a person should be told of it.
struct loaded {
  settings values;
  std::vector<shown_setting> shown;
  std::vector<std::string> warnings;   ///< one line each, said once at start
  std::vector<shown_setting> waiting;  ///< what settings will be that wait for a restart
};

/// Loads it once more, as it is now. Any thread.
using reader = std::function<base::result<loaded>()>;

/// What loading reads from, injected for tests.
struct environment {
  std::map<std::string, std::string> variables;
  std::filesystem::path working_directory;  ///< of `.env` and `refrain.toml`; empty: neither is looked for
  std::filesystem::path home;
  bool on_terminal = true;  ///< whether log lines meet a person's eyes: the default of `log.format` and `log.queries`
};

/// This process's own.
[[nodiscard]] environment process_environment();

/// A flag of the command line: the setting's key (`server.listen`; of a secret also `admin.token_file`) and its text.
struct flag_value {
  std::string key;
  std::string text;
  std::string spelling = "";  ///< as it was typed: `--no-cache`; empty: the setting's own
};

/// Loads everything in the order of precedence. An unknown key or a bad value fails with bad_config, and a context that
/// names the key, where it came from, and the nearest right name; never a secret. Reads `refrain.toml`, `.env` and the
/// files that `..._FILE` name; a relative path counts from the working directory, in TOML from the file's folder.
/// `config_file`: the `--config` flag.
[[nodiscard]] base::result<loaded> load(const environment& from, const std::vector<flag_value>& flags,
                                        const std::optional<std::filesystem::path>& config_file);

/// Takes out of a configuration that was read again what a running gateway was built from: those settings stay as
/// `running` has them, and stand in `fresh.waiting` with what they will be once the gateway is started again. The
/// table says which they are.
void keep_until_restart(loaded& fresh, const loaded& running);

/// How a setting becomes a flag of `serve` and its kin.
struct flag_row {
  std::string name;  ///< `--listen`
  std::string key;   ///< `server.listen`
  std::string meaning;
  std::string unit;
  bool is_switch = false;  ///< takes no value: given means `switch_text`
  std::string switch_text;
  bool is_common = false;  ///< one of the few that `--help` shows
};
/// Every flag: short ones first, then `--section-name` for each setting, for secrets also `--section-name-file`, and
/// for upstreams those of the built-in names.
[[nodiscard]] std::vector<flag_row> flag_rows();

/// The commented example files, made from the table of settings.
[[nodiscard]] std::string example_toml();
[[nodiscard]] std::string example_dot_env();

/// docs/reference/settings.md, made from the same table.
[[nodiscard]] std::string reference_page();

}  // namespace refrain::config
