// How a price table stands in TOML; apart from prices.cc, as the TOML library is heavy.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "ledger/prices.h"

namespace refrain::ledger {
namespace {

/// Gathers the first fault, so that reading a row reads straight on.
class row_reader {
 public:
  row_reader(const toml::table& row, std::string place) : row_(row), place_(std::move(place)) {}

  /// Dollars per million tokens, or characters.
  std::optional<pico_usd> rate(std::string_view name) {
    const auto* const node = row_.get(name);
    if (!node) return std::nullopt;
    const auto dollars = node->value<double>();
    constexpr double most = 1e6;
    if (!dollars || !(*dollars >= 0 && *dollars <= most)) {
      blame(name, "is no price: give US dollars per million tokens, such as 2.50");
      return std::nullopt;
    }
    return pico_usd{std::llround(*dollars * 1e6)};
  }

  token_rates rates() {
    token_rates read;
    read.character = rate("characters");
    if (read.character) return read;
    read.input = needed("input");
    read.output = needed("output");
    read.cached_input = rate("cached_input").value_or(read.input);
    return read;
  }

  void blame(std::string_view name, std::string_view what) {
    if (fault_.empty()) fault_ = fmt::format("{}.{} {}", place_, name, what);
  }

  void forbid_unknown(std::initializer_list<std::string_view> known) {
    for (const auto& [key, node] : row_) {
      if (std::ranges::find(known, key.str()) == known.end()) blame(key.str(), "is not known here");
    }
  }

  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
  pico_usd needed(std::string_view name) {
    const auto given = rate(name);
    if (!given) blame(name, "is missing");
    return given.value_or(pico_usd{});
  }

  const toml::table& row_;
  std::string place_;
  std::string fault_;
};

std::string date_text(const toml::node_view<const toml::node>& node) {
  const auto date = node.value<toml::date>();
  return date ? fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day) : std::string{};
}

/// Date and source of a row: its own, else its section's.
struct provenance {
  std::string date;
  std::string source;
};

provenance provenance_of(const toml::table& from, const provenance& fallback) {
  auto date = date_text(from["date"]);
  auto source = from["source"].value_or(std::string{});
  return {.date = date.empty() ? fallback.date : std::move(date),
          .source = source.empty() ? fallback.source : std::move(source)};
}

base::result<price> read_row(const toml::table& row, const std::string& place, const provenance& section) {
  row_reader reader(row, place);
  price read{.rates = reader.rates(), .long_above = std::nullopt, .long_rates = {}, .date = {}, .source = {}};
  if (read.rates.character) {
    reader.forbid_unknown({"characters", "date", "source"});
  } else {
    reader.forbid_unknown({"input", "cached_input", "output", "long", "date", "source"});
  }
  const auto own = provenance_of(row, section);
  read.date = own.date;
  read.source = own.source;
  if (read.date.empty()) reader.blame("date", "is missing: when was the price read?");
  if (read.source.empty()) reader.blame("source", "is missing: where was the price read?");
  if (const auto* const tier = row["long"].as_table()) {
    row_reader rates(*tier, place + ".long");
    rates.forbid_unknown({"above", "input", "cached_input", "output"});
    read.long_rates = rates.rates();
    const auto above = (*tier)["above"].value<std::int64_t>().value_or(0);
    if (above <= 0) rates.blame("above", "is missing: give a number of input tokens");
    read.long_above = static_cast<std::uint64_t>(above);
    if (!rates.fault().empty()) return base::fail(base::errc::bad_config, rates.fault());
  }
  if (!reader.fault().empty()) return base::fail(base::errc::bad_config, reader.fault());
  return read;
}

base::result<toml::table> parse_toml(std::string_view text, std::string_view origin) {
  try {
    return toml::parse(text, origin);
  } catch (const toml::parse_error& fault) {
    return base::fail(base::errc::bad_config,
                      fmt::format("{}, line {}: {}", origin, fault.source().begin.line, fault.description()));
  }
}

}  // namespace

base::result<price_table> price_table::parse(std::string_view toml, std::string_view origin) {
  const auto root = TRY(parse_toml(toml, origin));
  price_table table;
  for (const auto& [provider, node] : root) {
    const auto* const section = node.as_table();
    const auto* const rows = section ? (*section)["models"].as_table() : nullptr;
    if (!rows) {
      return base::fail(base::errc::bad_config, fmt::format("{}: {} should be a section with models in [{}.models]",
                                                            origin, provider.str(), provider.str()));
    }
    const auto shared = provenance_of(*section, {});
    for (const auto& [name, row] : *rows) {
      const auto place = fmt::format("{}: {}.{}", origin, provider.str(), name.str());
      const auto* const fields = row.as_table();
      if (!fields) return base::fail(base::errc::bad_config, place + " is no table of prices");
      auto read = TRY(read_row(*fields, place, shared));
      table.providers_[std::string(provider.str())].insert_or_assign(std::string(name.str()), std::move(read));
    }
  }
  return table;
}

}  // namespace refrain::ledger
