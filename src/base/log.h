#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"

namespace refrain::base {

enum class log_format : unsigned char {
  text,  ///< a line for a person
  json,  ///< a JSON object a line: time, level, message, and the line's members
};

/// Where and how log lines go: standard error, from `least` up. Any thread; the last call wins.
void set_log(severity least, log_format format);

/// Whether a line of this level would be written: ask before building an expensive one.
[[nodiscard]] bool log_enabled(severity level) noexcept;

/// A figure or a word beside a line's text.
struct log_member {
  std::string_view name;  ///< of letters and underscores
  std::variant<std::int64_t, double, std::string_view> value;
};

/// Writes one line as it is. Any thread. Never give it a secret. `members` stand in the line's JSON object, or behind
/// the text as `name=value`, in quotes where a value would be taken for several words.
void write_log(severity level, std::string_view line, std::span<const log_member> members = {});

template <class... Args>
void log(severity level, fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled(level)) write_log(level, fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log(severity::info, format, std::forward<Args>(args)...);
}

template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log(severity::warning, format, std::forward<Args>(args)...);
}

template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log(severity::error, format, std::forward<Args>(args)...);
}

}  // namespace refrain::base
