#include "config/toml_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <toml++/toml.h>

#include <optional>
#include <utility>

namespace refrain::config {
namespace {

/// A string, number or truth value as a variable would write it.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* const text = node.as_string()) return text->get();
  if (const auto* const number = node.as_integer()) return std::to_string(number->get());
  if (const auto* const number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* const truth = node.as_boolean()) return truth->get() ? "true" : "false";
  return std::nullopt;
}

/// The items with commas between them; nothing where an item holds a comma itself or is no text.
std::optional<std::string> text_of(const toml::array& items) {
  std::string list;
  for (const auto& item : items) {
    const auto text = text_of(item);
    if (!text || text->contains(',')) return std::nullopt;
    if (!list.empty()) list += ", ";
    list += *text;
  }
  return list;
}

/// Collects the values of nested tables.
class collector {
 public:
  explicit collector(std::string_view file) : file_(file) {}

  base::result<void> walk(const toml::table& table) {
    for (const auto& [key, node] : table) {
      path_.emplace_back(key.str());
      TRY(node.is_table() ? walk(*node.as_table()) : add(node));
      path_.pop_back();
    }
    return {};
  }

  std::vector<toml_value> values() && { return std::move(values_); }

 private:
  base::result<void> add(const toml::node& node) {
    const auto line = static_cast<int>(node.source().begin.line);
    auto text = node.is_array() ? text_of(*node.as_array()) : text_of(node);
    if (!text) {
      return base::fail(base::errc::bad_config,
                        fmt::format("{} in {} line {}: give text, a number, true or false, or a list of texts "
                                    "without commas",
                                    fmt::join(path_, "."), file_, line));
    }
    values_.push_back({.path = path_, .text = *std::move(text), .is_list = node.is_array(), .line = line});
    return {};
  }

  std::string_view file_;
  std::vector<std::string> path_;
  std::vector<toml_value> values_;
};

}  // namespace

base::result<std::vector<toml_value>> read_toml(std::string_view document, std::string_view name) {
  try {
    const auto table = toml::parse(document);
    collector all(name);
    TRY(all.walk(table));
    return std::move(all).values();
  } catch (const toml::parse_error& fault) {
    // The library's own words may quote what it read, and that may be a key.
    return base::fail(base::errc::bad_config,
                      fmt::format("{} line {} column {} is no TOML: texts stand in \"quotes\", a key stands once", name,
                                  fault.source().begin.line, fault.source().begin.column));
  }
}

}  // namespace refrain::config
