#include "admin/parameters.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace refrain::admin {
namespace {

using base::errc;
using base::fail;

std::optional<std::string> decode(std::string_view text) {
  std::string spaced{text};
  std::ranges::replace(spaced, '+', ' ');
  return base::percent_decode(spaced);
}

}  // namespace

base::result<parameters> parameters::parse(std::string_view query) {
  parameters parsed;
  for (const auto piece : base::split(query, '&')) {
    const auto equals = std::min(piece.find('='), piece.size());
    auto name = decode(piece.substr(0, equals));
    auto value = decode(piece.substr(std::min(equals + 1, piece.size())));
    if (!name || !value) return fail(errc::bad_usage, "the query holds a broken percent escape");
    if (parsed.find(*name)) {
      return fail(errc::bad_usage, fmt::format("'{}' stands in the query twice", base::shorten(*name, 60)));
    }
    parsed.all_.emplace_back(std::move(*name), std::move(*value));
  }
  return parsed;
}

std::optional<std::string_view> parameters::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(all_, name, &parameter::first);
  if (found == all_.end()) return std::nullopt;
  return found->second;
}

base::result<std::int64_t> parameters::number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                              std::int64_t most) const {
  const auto text = find(name);
  if (!text) return otherwise;
  const auto value = base::to_integer<std::int64_t>(*text);
  if (value && *value >= least && *value <= most) return *value;
  return fail(errc::bad_usage, fmt::format("{}: give a whole number from {} to {}", name, least, most));
}

base::error unknown_name(std::string_view name, std::span<const std::string_view> known) {
  const auto near = base::nearest(name, known);
  return {.code = errc::bad_usage,
          .context = fmt::format("there is no '{}' here{}", base::shorten(name, 60),
                                 near ? fmt::format("; did you mean '{}'?", *near)
                                      : fmt::format("; there are {}", fmt::join(known, ", ")))};
}

}  // namespace refrain::admin
