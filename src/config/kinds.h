#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/url.h"
#include "config/level.h"
#include "config/table.h"
#include "config/values.h"

// The kinds of values that settings have, each a constant that rows of the table name.
namespace refrain::config::kinds {

/// How a kind of value is written.
template <class Value>
struct kind {
  std::optional<Value> (*parse)(std::string_view given) = nullptr;
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

// What the kinds below are made of. Parsers take a whole text; nothing is no such value.
std::optional<bool> parse_verification(std::string_view given);
std::optional<base::endpoint> parse_address(std::string_view given);
std::optional<std::string> parse_text(std::string_view given);
std::optional<std::string> parse_name(std::string_view given);
std::optional<std::string> parse_base_url(std::string_view given);
std::optional<std::string> parse_proxy(std::string_view given);
std::optional<std::string> parse_store_url(std::string_view given);
std::optional<std::string> parse_fallback_store(std::string_view given);
std::optional<std::string> parse_dialect(std::string_view given);
std::string form_of_dialect();
std::optional<std::vector<std::string>> parse_one_line_list(std::string_view given);
std::optional<std::vector<std::string>> parse_lower_list(std::string_view given);
std::optional<optimization_level> parse_level(std::string_view given);
std::optional<base::severity> parse_severity(std::string_view given);
std::string print_severity(const base::severity& value);
std::optional<base::log_format> parse_log_format(std::string_view given);

/// One line of text, of which `parse` may ask more.
[[nodiscard]] constexpr kind<std::string> text_kind(std::optional<std::string> (*parse)(std::string_view),
                                                    std::string (*form)()) {
  return {.parse = parse, .print = [](const std::string& value) { return value; }, .form = form};
}
/// A URL: the userinfo is masked when it is shown.
[[nodiscard]] constexpr kind<std::string> url_kind(std::optional<std::string> (*parse)(std::string_view),
                                                   std::string (*form)()) {
  return {.parse = parse,
          .print = [](const std::string& value) { return mask_userinfo(value); },
          .form = form,
          .shows = privacy::url};
}

inline constexpr kind<bool> boolean{.parse = [](std::string_view given) { return parse_boolean(given); },
                                    .print = [](const bool& value) { return std::string(value ? "true" : "false"); },
                                    .form = says<"true or false">,
                                    .is_switch = true};

/// Whether a certificate must be good, in Python's words, which redis-py takes from the same variable; or a truth
/// value.
inline constexpr kind<bool> verification{
    .parse = parse_verification,
    .print = [](const bool& value) { return std::string(value ? "required" : "none"); },
    .form = says<"required or none">};

/// HOST:PORT.
inline constexpr kind<base::endpoint> address{
    .parse = parse_address,
    .print = [](const base::endpoint& value) { return value.to_string(); },
    .form = says<"HOST:PORT, such as 127.0.0.1:7337; port 0 takes a free one">};

inline constexpr auto text = text_kind(parse_text, says<"one line of text">);
/// A name as upstreams and clients have them.
inline constexpr auto name = text_kind(parse_name, says<"a name of a-z, 0-9 and -">);
/// A store that can stand in for another.
inline constexpr auto fallback_store = text_kind(parse_fallback_store, says<"sqlite:PATH">);
/// A family of wire formats.
inline constexpr auto dialect = text_kind(parse_dialect, form_of_dialect);

/// http:// or https://, without query; kept without a trailing slash.
inline constexpr auto base_url = url_kind(parse_base_url, says<"a URL such as https://api.example.com/v1">);
/// http://HOST:PORT, or HOST:PORT alone as curl takes it.
inline constexpr auto proxy = url_kind(parse_proxy, says<"a proxy such as http://HOST:PORT">);
/// A store of any scheme; empty for the built-in one.
inline constexpr auto store_url =
    url_kind(parse_store_url, says<"sqlite:PATH, memory:, redis://HOST:PORT or rediss://HOST:PORT">);

inline constexpr kind<std::vector<std::string>> list{.parse = parse_one_line_list,
                                                     .print = print_list,
                                                     .form = says<"a list with commas between its items">,
                                                     .is_list = true};
/// A list whose items compare without case: host and header names. Kept in lower case.
inline constexpr kind<std::vector<std::string>> lower_list{
    .parse = parse_lower_list, .print = list.print, .form = list.form, .is_list = true};

/// One line that is never shown.
inline constexpr kind<base::secret> secret{.parse =
                                               [](std::string_view given) {
                                                 auto line = parse_text(given);
                                                 return line ? std::optional(base::secret(*std::move(line)))
                                                             : std::nullopt;
                                               },
                                           .print = [](const base::secret& value) { return value.masked(); },
                                           .form = text.form,
                                           .shows = privacy::secret};

inline constexpr kind<optimization_level> level{
    .parse = parse_level,
    .print = [](const optimization_level& value) { return std::string(to_string(value)); },
    .form = says<"quality, balanced_quality, balanced, balanced_speed or speed">};

inline constexpr kind<base::severity> severity{
    .parse = parse_severity, .print = print_severity, .form = says<"debug, info, warning or error">};

inline constexpr kind<base::log_format> log_format{
    .parse = parse_log_format,
    .print = [](const auto& value) { return std::string(value == base::log_format::json ? "json" : "text"); },
    .form = says<"text or json">};

}  // namespace refrain::config::kinds
