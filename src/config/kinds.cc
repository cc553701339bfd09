#include "config/kinds.h"
#include "config/size_kinds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"
#include "config/known_providers.h"
#include "config/names.h"
#include "config/values.h"

namespace refrain::config::kinds {
namespace {

/// A control character in a value could end a line of a header or a log.
bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

/// A word of a setting and the value that it stands for.
template <class Value>
using word = std::pair<std::string_view, Value>;

constexpr std::array severities{
    word<base::severity>{"debug", base::severity::debug}, word<base::severity>{"info", base::severity::info},
    word<base::severity>{"warning", base::severity::warning}, word<base::severity>{"error", base::severity::error},
    word<base::severity>{"warn", base::severity::warning}};
constexpr std::array formats{word<base::log_format>{"text", base::log_format::text},
                             word<base::log_format>{"json", base::log_format::json}};

template <class Value>
std::optional<Value> value_of(std::span<const word<Value>> words, std::string_view text) {
  const auto meant = [&](const auto& one) { return base::equal_ignoring_case(one.first, base::trim(text)); };
  const auto found = std::ranges::find_if(words, meant);
  if (found == words.end()) return std::nullopt;
  return found->second;
}

template <class Value>
std::string word_of(std::span<const word<Value>> words, Value value) {
  return std::string(std::ranges::find(words, value, &word<Value>::second)->first);
}

std::optional<base::url> web_url(std::string_view text) {
  auto url = base::parse_url(text);
  if (!url || (url->scheme != "http" && url->scheme != "https") || url->port == 0 || !is_one_line(text)) return {};
  return std::move(url).value();
}

}  // namespace

std::optional<bool> boolean::parse(std::string_view text) { return parse_boolean(text); }
std::string boolean::print(bool value) { return value ? "true" : "false"; }
std::string boolean::form() { return "true or false"; }

std::optional<bool> verification::parse(std::string_view text) {
  auto word = base::to_lower(base::trim(text));
  if (word.starts_with("cert_")) word.erase(0, 5);
  // In a client, Python's CERT_OPTIONAL is CERT_REQUIRED by another name.
  if (word == "required" || word == "optional") return true;
  if (word == "none") return false;
  return parse_boolean(text);
}
std::string verification::print(bool value) { return value ? "required" : "none"; }
std::string verification::form() { return "required or none"; }

std::optional<unsigned> parse_whole(std::string_view text, unsigned least, unsigned most) {
  const auto value = base::to_integer<unsigned>(base::trim(text));
  if (!value || *value < least || *value > most) return std::nullopt;
  return value;
}
std::string form_of_whole(unsigned least, unsigned most) {
  return fmt::format("a whole number from {} to {}", least, most);
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view text, std::int64_t least, std::int64_t most) {
  const auto value = parse_duration(text, std::chrono::seconds{1});
  if (!value || *value % std::chrono::seconds{1} != std::chrono::milliseconds{0}) return std::nullopt;
  const auto whole_seconds = std::chrono::duration_cast<std::chrono::seconds>(*value);
  if (whole_seconds.count() < least || whole_seconds.count() > most) return std::nullopt;
  return whole_seconds;
}
std::string print_seconds(std::chrono::seconds value) { return print_duration(value); }
std::string form_of_seconds(std::int64_t least, std::int64_t most) {
  return fmt::format("a duration in whole seconds, such as \"90 s\" or \"5 min\", from {} to {}",
                     print_seconds(std::chrono::seconds{least}), print_seconds(std::chrono::seconds{most}));
}

bool is_auto(std::string_view text) noexcept { return base::equal_ignoring_case(base::trim(text), "auto"); }

std::optional<std::chrono::milliseconds> parse_milliseconds(std::string_view text, std::int64_t least,
                                                            std::int64_t most) {
  const auto value = parse_duration(text, std::chrono::milliseconds{1});
  if (!value || value->count() < least || value->count() > most) return std::nullopt;
  return value;
}
std::string print_milliseconds(std::chrono::milliseconds value) { return print_duration(value); }
std::string form_of_milliseconds(std::int64_t least, std::int64_t most) {
  return fmt::format("a duration, such as \"200 ms\", from {} to {}",
                     print_milliseconds(std::chrono::milliseconds{least}),
                     print_milliseconds(std::chrono::milliseconds{most}));
}

std::optional<base::byte_count> parse_bytes(std::string_view text, std::uint64_t least) {
  const auto value = parse_size(text);
  if (!value || value->value < least || value->value > 1ull << 50) return std::nullopt;
  return value;
}
std::string print_bytes(base::byte_count value) { return print_size(value); }
std::string form_of_bytes(std::uint64_t least) {
  return fmt::format("a size, such as \"256 MiB\" or \"4GiB\", from {} to 1024 TiB", print_bytes({least}));
}

std::optional<base::endpoint> address::parse(std::string_view text) {
  auto parsed = base::parse_endpoint(base::trim(text));
  if (!parsed || !is_one_line(parsed->host)) return std::nullopt;
  return std::move(parsed).value();
}
std::string address::print(const base::endpoint& value) { return value.to_string(); }
std::string address::form() { return "HOST:PORT, such as 127.0.0.1:7337; port 0 takes a free one"; }

std::optional<std::string> text::parse(std::string_view given) {
  if (!is_one_line(given)) return std::nullopt;
  return std::string(base::trim(given));
}
std::string text::print(const std::string& value) { return value; }
std::string text::form() { return "one line of text"; }

std::optional<std::string> name::parse(std::string_view given) {
  if (!is_name(base::trim(given))) return std::nullopt;
  return std::string(base::trim(given));
}
std::string name::form() { return "a name of a-z, 0-9 and -"; }

std::optional<std::vector<std::string>> list::parse(std::string_view given) {
  if (!is_one_line(given)) return std::nullopt;
  return parse_list(given);
}
std::string list::print(const std::vector<std::string>& value) { return print_list(value); }
std::string list::form() { return "a list with commas between its items"; }

std::optional<std::vector<std::string>> lower_list::parse(std::string_view given) {
  return list::parse(base::to_lower(given));
}

std::optional<base::secret> secret::parse(std::string_view given) {
  if (!is_one_line(given)) return std::nullopt;
  return base::secret(std::string(base::trim(given)));
}
std::string secret::print(const base::secret& value) { return value.masked(); }
std::string secret::form() { return "one line of text"; }

std::string masked_url::print(const std::string& value) { return mask_userinfo(value); }

std::optional<std::string> base_url::parse(std::string_view given) {
  given = base::trim(given);
  const auto url = web_url(given);
  if (!url || !url->query.empty() || given.contains('#')) return std::nullopt;
  while (given.ends_with('/')) given.remove_suffix(1);
  return std::string(given);
}
std::string base_url::form() { return "a URL such as https://api.example.com/v1"; }

std::optional<std::string> proxy::parse(std::string_view given) {
  given = base::trim(given);
  if (given.empty()) return "";
  const auto url = given.contains("://") ? std::string(given) : fmt::format("http://{}", given);
  const auto parsed = web_url(url);
  if (!parsed || !parsed->path.empty()) return std::nullopt;
  return url;
}
std::string proxy::form() { return "a proxy such as http://HOST:PORT"; }

std::optional<std::string> store_url::parse(std::string_view given) {
  given = base::trim(given);
  if (!is_one_line(given)) return std::nullopt;
  if (given.empty() || given == "memory:" || given.starts_with("sqlite:")) return std::string(given);
  // Whoever connects reads the rest of these, and says what is wrong with them.
  return given.contains("://") ? std::optional(std::string(given)) : std::nullopt;
}
std::string store_url::form() { return "sqlite:PATH, memory:, redis://HOST:PORT or rediss://HOST:PORT"; }

std::optional<std::string> fallback_store::parse(std::string_view given) {
  given = base::trim(given);
  if (!is_one_line(given) || (!given.empty() && !given.starts_with("sqlite:"))) return std::nullopt;
  return std::string(given);
}
std::string fallback_store::form() { return "sqlite:PATH"; }

std::optional<optimization_level> level::parse(std::string_view given) {
  return level_from(base::to_lower(base::trim(given)));
}
std::string level::print(optimization_level value) { return std::string(to_string(value)); }
std::string level::form() { return "quality, balanced_quality, balanced, balanced_speed or speed"; }

std::optional<base::severity> severity::parse(std::string_view given) {
  return value_of<base::severity>(severities, given);
}
std::string severity::print(base::severity value) { return word_of<base::severity>(severities, value); }
std::string severity::form() { return "debug, info, warning or error"; }

std::optional<base::log_format> log_format::parse(std::string_view given) {
  return value_of<base::log_format>(formats, given);
}
std::string log_format::print(base::log_format value) { return word_of<base::log_format>(formats, value); }
std::string log_format::form() { return "text or json"; }

std::optional<std::string> dialect::parse(std::string_view given) {
  const auto wanted = base::to_lower(base::trim(given));
  const auto known = dialects();
  return std::ranges::find(known, wanted) == known.end() ? std::nullopt : std::optional(wanted);
}
std::string dialect::form() { return fmt::format("one of {}", fmt::join(dialects(), ", ")); }

}  // namespace refrain::config::kinds
