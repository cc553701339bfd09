#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace refrain::config {

/// What of a setting may be seen, and so whether it also comes from a file (`..._FILE`, `..._file`).
enum class privacy : std::uint8_t {
  open,    ///< shown as it is
  url,     ///< a URL: shown with its userinfo masked
  secret,  ///< only that it is set
};

/// When a change of a setting applies to a gateway that runs.
enum class application : std::uint8_t {
  at_reload,         ///< to the requests that come after the configuration was read again
  at_start,          ///< once the gateway is started again
  at_reload_if_set,  ///< another value at reload; whether there is one at all, at start
};

/// `reload`, `start`.
[[nodiscard]] std::string_view to_string(application when) noexcept;

/// How a setting's text becomes its typed field and back. Made by the templates of binding.h.
struct binding {
  /// Writes the text into the field; false where it is no right value, and then nothing is changed.
  /// `name` is the upstream's or client's, empty for other settings.
  bool (*write)(settings& into, std::string_view name, std::string_view text) = nullptr;
  /// The field as it would be written: never a secret, never a password in a URL.
  std::string (*read)(const settings& from, std::string_view name) = nullptr;
  /// Whether both have the same value; and takes it over from one that runs. Of those that wait for a start.
  bool (*same)(const settings& a, const settings& b) = nullptr;
  void (*keep)(settings& into, const settings& running) = nullptr;
  /// What a right value looks like, after "give": `a whole number from 0 to 1024`.
  std::string (*form)() = nullptr;
  std::string_view unit = "";  ///< what a plain number counts; empty for none
  privacy shows = privacy::open;
  bool is_list = false;
  bool is_switch = false;  ///< its flag needs no value: given alone it means true
  /// Requests read the settings that each reload makes anew; what is built from a setting at the start says so.
  application applies = application::at_reload;
};

/// One setting, declared once. Flags, variables, TOML keys, examples, the reference page and what `refrain config`
/// shows all come from it.
struct setting {
  /// `section.name`. In `upstream.<name>.base_url` the middle stands for any name.
  std::string_view key;
  std::string_view meaning;  ///< one sentence, without its full stop
  binding value;
  std::string_view default_text = "";  ///< says the default where reading the built-in settings does not
  std::string_view example = "";       ///< a right value for the example files where the default is empty
  /// Fixed variables beside REFRAIN_<SECTION>_<NAME>, the one that wins first. `<NAME>` stands for the upstream's.
  std::array<std::string_view, 2> variables{};
  std::string_view flag = "";         ///< short flag beside --section-name
  std::string_view switch_flag = "";  ///< flag without a value that means `false`: `--no-cache`
  /// The setting that sets this one too where this one is not given.
  std::string_view general = "";
};

/// Every setting. They are written in this order, so a general one stands before those it sets.
[[nodiscard]] std::span<const setting> table() noexcept;

/// The row of this key; nullptr where there is none.
[[nodiscard]] const setting* find_row(std::string_view key) noexcept;

/// Whether the key holds a name in its middle: `upstream.<name>.base_url`.
[[nodiscard]] constexpr bool is_named(const setting& row) noexcept { return row.key.contains('<'); }

/// Whether its value may also come from a file: `..._FILE`.
[[nodiscard]] constexpr bool has_file_form(const setting& row) noexcept { return row.value.shows != privacy::open; }

/// A section of the settings, as documents head it.
struct section {
  std::string_view name;     ///< `server`
  std::string_view meaning;  ///< one sentence, without its full stop
};

/// All sections in the order of the table.
[[nodiscard]] std::span<const section> sections() noexcept;

/// `server` of `server.listen`, `upstream` of `upstream.<name>.base_url`.
[[nodiscard]] constexpr std::string_view section_of(const setting& row) noexcept {
  return row.key.substr(0, row.key.find('.'));
}

/// The default as the reference and the examples write it: what reading the built-in settings gives; empty for none.
[[nodiscard]] std::string default_of(const setting& row);

}  // namespace refrain::config
