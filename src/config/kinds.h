#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/level.h"
#include "config/semantic_mode.h"
#include "config/table.h"
#include "config/values.h"

// The kinds of values that settings have, each a constant that rows of the table name.
namespace refrain::config::kinds {

/// How a kind of value is written.
template <class Value>
struct kind {
  std::optional<Value> (*parse)(std::string_view given) = nullptr;  ///< of a whole text; nothing is no such value
  std::string (*print)(const Value& value) = nullptr;
  std::string (*form)() = nullptr;  ///< what a right one looks like, after "give"
  std::string_view unit = "";       ///< what a plain number counts
  privacy shows = privacy::open;
  bool is_list = false;
  bool is_switch = false;
};

/// A text as a template's argument.
template <std::size_t Size>
struct fixed_text {
  consteval fixed_text(const char (&text)[Size]) { std::ranges::copy(text, letters.begin()); }
  std::array<char, Size> letters{};
};
/// A form that is always the same.
template <fixed_text Text>
[[nodiscard]] std::string says() {
  return Text.letters.data();
}

/// A control character in a value could end a line of a header or a log.
[[nodiscard]] inline bool is_one_line(std::string_view given) {
  return std::ranges::none_of(given, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

/// One line of text, of which `parse` may ask more.
[[nodiscard]] constexpr kind<std::string> text_kind(std::optional<std::string> (*parse)(std::string_view),
                                                    std::string (*form)()) {
  return {.parse = parse, .print = [](const std::string& value) { return value; }, .form = form};
}

inline constexpr kind<bool> boolean{.parse = [](std::string_view given) { return parse_boolean(given); },
                                    .print = [](const bool& value) { return std::string(value ? "true" : "false"); },
                                    .form = says<"true or false">,
                                    .is_switch = true};

/// Whether a certificate must be good, in Python's words, which redis-py takes from the same variable; or a truth
/// value.
inline constexpr kind<bool> verification{
    .parse = [](std::string_view given) -> std::optional<bool> {
      auto word = base::to_lower(base::trim(given));
      if (word.starts_with("cert_")) word.erase(0, 5);
      // In a client, Python's CERT_OPTIONAL is CERT_REQUIRED by another name.
      if (word == "required" || word == "optional") return true;
      if (word == "none") return false;
      return parse_boolean(given);
    },
    .print = [](const bool& value) { return std::string(value ? "required" : "none"); },
    .form = says<"required or none">};

inline constexpr auto text = text_kind(
    [](std::string_view given) {
      return is_one_line(given) ? std::optional<std::string>(base::trim(given)) : std::nullopt;
    },
    says<"one line of text">);

/// One line that is never shown.
inline constexpr kind<base::secret> secret{.parse = [](std::string_view given) -> std::optional<base::secret> {
                                             auto line = text.parse(given);
                                             if (!line) return std::nullopt;
                                             return base::secret(*std::move(line));
                                           },
                                           .print = [](const base::secret& value) { return value.masked(); },
                                           .form = text.form,
                                           .shows = privacy::secret};

inline constexpr kind<std::vector<std::string>> list{
    .parse =
        [](std::string_view given) { return is_one_line(given) ? std::optional(parse_list(given)) : std::nullopt; },
    .print = print_list,
    .form = says<"a list with commas between its items">,
    .is_list = true};

/// A list whose items compare without case: host and header names. Kept in lower case.
inline constexpr kind<std::vector<std::string>> lower_list{
    .parse = [](std::string_view given) { return list.parse(base::to_lower(given)); },
    .print = list.print,
    .form = list.form,
    .is_list = true};

inline constexpr kind<optimization_level> level{
    .parse = [](std::string_view given) { return level_from(base::to_lower(base::trim(given))); },
    .print = [](const optimization_level& value) { return std::string(to_string(value)); },
    .form = says<"quality, balanced_quality, balanced, balanced_speed or speed">};

/// A word for a value; of several the first is shown.
template <class Value>
struct word {
  std::string_view text;
  Value value;
};
inline constexpr std::array severities{word{"debug", base::severity::debug}, word{"info", base::severity::info},
                                       word{"warning", base::severity::warning}, word{"error", base::severity::error},
                                       word{"warn", base::severity::warning}};
inline constexpr std::array log_formats{word{"text", base::log_format::text}, word{"json", base::log_format::json}};

/// One of a few words, in any case.
template <class Value, const auto& Words, fixed_text Form>
inline constexpr kind<Value> one_of{
    .parse = [](std::string_view given) -> std::optional<Value> {
      const auto* const found = std::ranges::find(Words, base::to_lower(base::trim(given)), &word<Value>::text);
      return found == Words.end() ? std::nullopt : std::optional(found->value);
    },
    .print = [](const Value& value) { return std::string(std::ranges::find(Words, value, &word<Value>::value)->text); },
    .form = says<Form>};

inline constexpr std::array semantic_modes{
    word{"auto", std::optional<semantic_mode>{}}, word{"off", std::optional{semantic_mode::off}},
    word{"observe", std::optional{semantic_mode::observe}}, word{"verified", std::optional{semantic_mode::verified}},
    word{"threshold", std::optional{semantic_mode::threshold}}};
inline constexpr const auto& mode =
    one_of<std::optional<semantic_mode>, semantic_modes, "auto, off, observe, verified or threshold">;
inline constexpr const auto& severity = one_of<base::severity, severities, "debug, info, warning or error">;
inline constexpr const auto& log_format = one_of<base::log_format, log_formats, "text or json">;

}  // namespace refrain::config::kinds
