#pragma once

#include <chrono>
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

// The kinds of values that settings have. Each kind is a type with `parse`, `print` and `form`, which a row of the
// table names; what it leaves unsaid is in `kind`.
namespace refrain::config::kinds {

struct kind {
  static constexpr std::string_view unit = "";
  static constexpr privacy shows = privacy::open;
  static constexpr bool is_list = false;
  static constexpr bool is_switch = false;
};

struct boolean : kind {
  static constexpr bool is_switch = true;
  static std::optional<bool> parse(std::string_view text);
  static std::string print(bool value);
  static std::string form();
};

/// Whether a certificate must be good, in Python's words, which redis-py takes from the same variable; or a truth
/// value.
struct verification : kind {
  static std::optional<bool> parse(std::string_view text);
  static std::string print(bool value);
  static std::string form();
};

// The bounded kinds rest on these, which take their bounds as arguments.
std::optional<unsigned> parse_whole(std::string_view text, unsigned least, unsigned most);
std::string form_of_whole(unsigned least, unsigned most);
std::optional<std::chrono::seconds> parse_seconds(std::string_view text, std::int64_t least, std::int64_t most);
std::string print_seconds(std::chrono::seconds value);
std::string form_of_seconds(std::int64_t least, std::int64_t most);
bool is_auto(std::string_view text) noexcept;
std::optional<std::chrono::milliseconds> parse_milliseconds(std::string_view text, std::int64_t least,
                                                            std::int64_t most);
std::string print_milliseconds(std::chrono::milliseconds value);
std::string form_of_milliseconds(std::int64_t least, std::int64_t most);

/// Whole numbers from `Least` to `Most`.
template <unsigned Least, unsigned Most>
struct whole : kind {
  static std::optional<unsigned> parse(std::string_view text) { return parse_whole(text, Least, Most); }
  static std::string print(unsigned value) { return std::to_string(value); }
  static std::string form() { return form_of_whole(Least, Most); }
};

/// Durations in whole seconds from `Least` to `Most` seconds.
template <std::int64_t Least, std::int64_t Most>
struct seconds : kind {
  static constexpr std::string_view unit = "seconds";
  static std::optional<std::chrono::seconds> parse(std::string_view text) { return parse_seconds(text, Least, Most); }
  static std::string print(std::chrono::seconds value) { return print_seconds(value); }
  static std::string form() { return form_of_seconds(Least, Most); }
};

/// `auto`, which is nothing, or a duration from `Least` to `Most` milliseconds.
template <std::int64_t Least, std::int64_t Most>
struct auto_or_milliseconds : kind {
  using value_type = std::optional<std::chrono::milliseconds>;
  static constexpr std::string_view unit = "milliseconds";
  static std::optional<value_type> parse(std::string_view text) {
    if (is_auto(text)) return value_type{};
    const auto value = parse_milliseconds(text, Least, Most);
    return value ? std::optional<value_type>(value) : std::nullopt;
  }
  static std::string print(const value_type& value) { return value ? print_milliseconds(*value) : "auto"; }
  static std::string form() { return form_of_milliseconds(Least, Most) + "; or auto"; }
};

/// HOST:PORT.
struct address : kind {
  static std::optional<base::endpoint> parse(std::string_view text);
  static std::string print(const base::endpoint& value);
  static std::string form();
};

/// One line of text.
struct text : kind {
  static std::optional<std::string> parse(std::string_view text);
  static std::string print(const std::string& value);
  static std::string form();
};

/// A name as upstreams and clients have them.
struct name : text {
  static std::optional<std::string> parse(std::string_view text);
  static std::string form();
};

struct list : kind {
  static constexpr bool is_list = true;
  static std::optional<std::vector<std::string>> parse(std::string_view text);
  static std::string print(const std::vector<std::string>& value);
  static std::string form();
};

/// A list whose items compare without case: host and header names. Kept in lower case.
struct lower_list : list {
  static std::optional<std::vector<std::string>> parse(std::string_view text);
};

/// One line that is never shown.
struct secret : kind {
  static constexpr privacy shows = privacy::secret;
  static std::optional<base::secret> parse(std::string_view text);
  static std::string print(const base::secret& value);
  static std::string form();
};

/// What URLs share: text whose userinfo is masked when shown.
struct masked_url : kind {
  static constexpr privacy shows = privacy::url;
  static std::string print(const std::string& value);
};

/// http:// or https://, without query; kept without a trailing slash.
struct base_url : masked_url {
  static std::optional<std::string> parse(std::string_view text);
  static std::string form();
};

/// http://HOST:PORT, or HOST:PORT alone as curl takes it.
struct proxy : masked_url {
  static std::optional<std::string> parse(std::string_view text);
  static std::string form();
};

/// A store of any scheme; empty for the built-in one.
struct store_url : masked_url {
  static std::optional<std::string> parse(std::string_view text);
  static std::string form();
};

/// A store that can stand in for another.
struct fallback_store : text {
  static std::optional<std::string> parse(std::string_view text);
  static std::string form();
};

struct level : kind {
  static std::optional<optimization_level> parse(std::string_view text);
  static std::string print(optimization_level value);
  static std::string form();
};

struct severity : kind {
  static std::optional<base::severity> parse(std::string_view text);
  static std::string print(base::severity value);
  static std::string form();
};

struct log_format : kind {
  static std::optional<base::log_format> parse(std::string_view text);
  static std::string print(base::log_format value);
  static std::string form();
};

/// The families of wire formats.
struct dialect : text {
  static std::optional<std::string> parse(std::string_view text);
  static std::string form();
};

}  // namespace refrain::config::kinds
