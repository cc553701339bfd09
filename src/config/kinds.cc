#include "config/kinds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "base/text.h"
#include "config/known_providers.h"
#include "config/names.h"
#include "config/quantity_kinds.h"

namespace refrain::config::kinds {
namespace {

/// A control character in a value could end a line of a header or a log.
bool is_one_line(std::string_view given) {
  return std::ranges::none_of(given, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::optional<base::url> web_url(std::string_view given) {
  auto url = base::parse_url(given);
  if (!url || (url->scheme != "http" && url->scheme != "https") || url->port == 0 || !is_one_line(given)) return {};
  return std::move(url).value();
}

constexpr std::array<std::pair<std::string_view, base::severity>, 5> severities{{{"debug", base::severity::debug},
                                                                                 {"info", base::severity::info},
                                                                                 {"warning", base::severity::warning},
                                                                                 {"error", base::severity::error},
                                                                                 {"warn", base::severity::warning}}};

}  // namespace

std::optional<unsigned> parse_whole(std::string_view given) { return base::to_integer<unsigned>(base::trim(given)); }

std::string form_of_whole(unsigned least, unsigned most) {
  return fmt::format("a whole number from {} to {}", least, most);
}

std::optional<sec> parse_seconds(std::string_view given) {
  const auto value = parse_duration(given, sec{1});
  if (!value || *value % sec{1} != msec{0}) return std::nullopt;
  return std::chrono::duration_cast<sec>(*value);
}

std::string form_of_seconds(sec least, sec most) {
  return fmt::format("a duration in whole seconds, such as \"90 s\" or \"5 min\", from {} to {}", print_duration(least),
                     print_duration(most));
}

std::string form_of_milliseconds(msec least, msec most) {
  return fmt::format("a duration, such as \"200 ms\", from {} to {}", print_duration(least), print_duration(most));
}

std::string form_of_size(base::byte_count least) {
  return fmt::format("a size, such as \"256 MiB\" or \"4GiB\", from {} to 1024 TiB", print_size(least));
}

bool is_auto(std::string_view given) noexcept { return base::equal_ignoring_case(base::trim(given), "auto"); }

std::optional<bool> parse_verification(std::string_view given) {
  auto word = base::to_lower(base::trim(given));
  if (word.starts_with("cert_")) word.erase(0, 5);
  // In a client, Python's CERT_OPTIONAL is CERT_REQUIRED by another name.
  if (word == "required" || word == "optional") return true;
  if (word == "none") return false;
  return parse_boolean(given);
}

std::optional<base::endpoint> parse_address(std::string_view given) {
  auto parsed = base::parse_endpoint(base::trim(given));
  if (!parsed || !is_one_line(parsed->host)) return std::nullopt;
  return std::move(parsed).value();
}

std::optional<std::string> parse_text(std::string_view given) {
  if (!is_one_line(given)) return std::nullopt;
  return std::string(base::trim(given));
}

std::optional<std::string> parse_name(std::string_view given) {
  if (!is_name(base::trim(given))) return std::nullopt;
  return std::string(base::trim(given));
}

std::optional<std::string> parse_base_url(std::string_view given) {
  given = base::trim(given);
  const auto url = web_url(given);
  if (!url || !url->query.empty() || given.contains('#')) return std::nullopt;
  while (given.ends_with('/')) given.remove_suffix(1);
  return std::string(given);
}

std::optional<std::string> parse_proxy(std::string_view given) {
  given = base::trim(given);
  if (given.empty()) return "";
  const auto url = given.contains("://") ? std::string(given) : fmt::format("http://{}", given);
  const auto parsed = web_url(url);
  if (!parsed || !parsed->path.empty()) return std::nullopt;
  return url;
}

std::optional<std::string> parse_store_url(std::string_view given) {
  auto url = parse_text(base::trim(given));
  if (!url || url->empty() || *url == "memory:" || url->starts_with("sqlite:")) return url;
  // Whoever connects reads the rest of these, and says what is wrong with them.
  return url->contains("://") ? url : std::nullopt;
}

std::optional<std::string> parse_fallback_store(std::string_view given) {
  auto url = parse_text(base::trim(given));
  return url && (url->empty() || url->starts_with("sqlite:")) ? url : std::nullopt;
}

std::optional<std::string> parse_dialect(std::string_view given) {
  const auto wanted = base::to_lower(base::trim(given));
  const auto known = dialects();
  return std::ranges::find(known, wanted) == known.end() ? std::nullopt : std::optional(wanted);
}

std::string form_of_dialect() { return fmt::format("one of {}", fmt::join(dialects(), ", ")); }

std::optional<std::vector<std::string>> parse_one_line_list(std::string_view given) {
  if (!is_one_line(given)) return std::nullopt;
  return parse_list(given);
}

std::optional<std::vector<std::string>> parse_lower_list(std::string_view given) {
  return parse_one_line_list(base::to_lower(given));
}

std::optional<optimization_level> parse_level(std::string_view given) {
  return level_from(base::to_lower(base::trim(given)));
}

std::optional<base::severity> parse_severity(std::string_view given) {
  const auto* const found =
      std::ranges::find(severities, base::to_lower(base::trim(given)), &decltype(severities)::value_type::first);
  return found == severities.end() ? std::nullopt : std::optional(found->second);
}

std::string print_severity(const base::severity& value) {
  return std::string(std::ranges::find(severities, value, &decltype(severities)::value_type::second)->first);
}

std::optional<base::log_format> parse_log_format(std::string_view given) {
  const auto word = base::to_lower(base::trim(given));
  if (word == "text") return base::log_format::text;
  return word == "json" ? std::optional(base::log_format::json) : std::nullopt;
}

}  // namespace refrain::config::kinds
