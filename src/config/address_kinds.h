#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "config/kinds.h"
#include "config/known_providers.h"
#include "config/names.h"
#include "config/values.h"

// The kinds of values that say where something is, or whose it is (kinds.h).
namespace refrain::config::kinds {

[[nodiscard]] inline std::optional<base::url> web_url(std::string_view given) {
  auto url = base::parse_url(given);
  if (!url || (url->scheme != "http" && url->scheme != "https") || url->port == 0 || !is_one_line(given)) return {};
  return std::move(url).value();
}

/// A URL: the userinfo is masked when it is shown.
[[nodiscard]] constexpr kind<std::string> url_kind(std::optional<std::string> (*parse)(std::string_view),
                                                   std::string (*form)()) {
  return {.parse = parse,
          .print = [](const std::string& value) { return mask_userinfo(value); },
          .form = form,
          .shows = privacy::url};
}

/// HOST:PORT.
inline constexpr kind<base::endpoint> address{
    .parse = [](std::string_view given) -> std::optional<base::endpoint> {
      auto parsed = base::parse_endpoint(base::trim(given));
      if (!parsed || !is_one_line(parsed->host)) return std::nullopt;
      return std::move(parsed).value();
    },
    .print = [](const base::endpoint& value) { return value.to_string(); },
    .form = says<"HOST:PORT, such as 127.0.0.1:7337; port 0 takes a free one">};

/// ANNOUNCED=REACHED for each, both HOST:PORT.
inline constexpr kind<base::endpoint_map> node_pairs{
    .parse = [](std::string_view given) -> std::optional<base::endpoint_map> {
      base::endpoint_map all;
      for (const auto& item : parse_list(given)) {
        const auto at = item.find('=');
        if (at == std::string::npos) return std::nullopt;
        auto announced = address.parse(std::string_view{item}.substr(0, at));
        auto reached = address.parse(std::string_view{item}.substr(at + 1));
        if (!announced || !reached) return std::nullopt;
        all.emplace_back(*std::move(announced), *std::move(reached));
      }
      return all;
    },
    .print =
        [](const base::endpoint_map& all) {
          std::vector<std::string> items;
          for (const auto& [announced, reached] : all) {
            items.push_back(fmt::format("{}={}", announced.to_string(), reached.to_string()));
          }
          return print_list(items);
        },
    .form = says<"pairs ANNOUNCED=REACHED such as 172.18.0.2:6379=127.0.0.1:7001, with commas between them">,
    .is_list = true};

/// A name as upstreams and clients have them.
inline constexpr auto name = text_kind(
    [](std::string_view given) {
      return is_name(base::trim(given)) ? std::optional<std::string>(base::trim(given)) : std::nullopt;
    },
    says<"a name of a-z, 0-9 and -">);

/// A family of wire formats.
inline constexpr auto dialect = text_kind(
    [](std::string_view given) {
      const auto wanted = base::to_lower(base::trim(given));
      const auto known = dialects();
      return std::ranges::find(known, wanted) == known.end() ? std::nullopt : std::optional(wanted);
    },
    [] { return fmt::format("one of {}", fmt::join(dialects(), ", ")); });

/// http:// or https://, without query; kept without a trailing slash.
inline constexpr auto base_url = url_kind(
    [](std::string_view given) -> std::optional<std::string> {
      given = base::trim(given);
      const auto url = web_url(given);
      if (!url || !url->query.empty() || given.contains('#')) return std::nullopt;
      while (given.ends_with('/')) given.remove_suffix(1);
      return std::string(given);
    },
    says<"a URL such as https://api.example.com/v1">);

/// http://HOST:PORT, or HOST:PORT alone as curl takes it.
inline constexpr auto proxy = url_kind(
    [](std::string_view given) -> std::optional<std::string> {
      given = base::trim(given);
      if (given.empty()) return "";
      const auto url = given.contains("://") ? std::string(given) : fmt::format("http://{}", given);
      const auto parsed = web_url(url);
      return parsed && parsed->path.empty() ? std::optional(url) : std::nullopt;
    },
    says<"a proxy such as http://HOST:PORT">);

/// A store of any scheme; empty for the built-in one.
inline constexpr auto store_url = url_kind(
    [](std::string_view given) {
      auto url = text.parse(given);
      if (!url || url->empty() || *url == "memory:" || url->starts_with("sqlite:")) return url;
      // Whoever connects reads the rest of these, and says what is wrong with them.
      return url->contains("://") ? url : std::nullopt;
    },
    says<"sqlite:PATH, memory:, redis://HOST:PORT or rediss://HOST:PORT">);

/// A store that can stand in for another.
inline constexpr auto fallback_store = text_kind(
    [](std::string_view given) {
      auto url = text.parse(given);
      return url && (url->empty() || url->starts_with("sqlite:")) ? url : std::nullopt;
    },
    says<"sqlite:PATH">);

}  // namespace refrain::config::kinds
