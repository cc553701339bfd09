#include "config/names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "config/known_providers.h"

namespace refrain::config {
namespace {

constexpr std::string_view slot = "<name>";
constexpr std::string_view variable_slot = "<NAME>";
constexpr std::string_view file_key_suffix = "_file";
constexpr std::string_view file_variable_suffix = "_FILE";
constexpr std::array<std::string_view, 4> reserved_names{"v1", "healthz", "readyz", "metrics"};

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  if (at == std::string_view::npos) return std::string(text);
  return fmt::format("{}{}{}", text.substr(0, at), with, text.substr(at + what.size()));
}

std::string upper_with_underscores(std::string_view text) {
  auto out = base::to_upper(text);
  std::ranges::replace_if(out, [](char c) { return c == '.' || c == '-'; }, '_');
  return out;
}

/// What stands where the row's variable has its slot; nothing where the rest differs. Empty for rows without a slot.
std::optional<std::string> name_in(std::string_view variable, const setting& row) {
  const auto pattern = variable_of(row, slot);
  const auto at = pattern.find(variable_slot);
  if (at == std::string::npos) return variable == pattern ? std::optional<std::string>("") : std::nullopt;

  const auto head = std::string_view(pattern).substr(0, at);
  const auto tail = std::string_view(pattern).substr(at + slot.size());
  if (variable.size() <= head.size() + tail.size() || !variable.starts_with(head) || !variable.ends_with(tail))
    return {};
  auto name = base::to_lower(variable.substr(head.size(), variable.size() - head.size() - tail.size()));
  std::ranges::replace(name, '_', '-');
  return is_name(name) ? std::optional(name) : std::nullopt;
}

std::optional<std::string> nearest_of(std::string_view text, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const auto best = base::nearest(text, views);
  return best ? std::optional(std::string(*best)) : std::nullopt;
}

base::error unknown_key(std::span<const std::string> path) {
  const auto key = fmt::format("{}", fmt::join(path, "."));
  std::vector<std::string> candidates;
  for (const auto& row : table()) {
    if (is_named(row) && path.size() != 3) continue;
    candidates.push_back(key_of(row, path.size() == 3 ? path[1] : ""));
  }
  const auto near = nearest_of(key, candidates);
  return {
      .code = base::errc::bad_config,
      .context = fmt::format("unknown setting {}: {}", base::shorten(key, 80),
                             near ? fmt::format("did you mean {}?", *near) : "`refrain config` lists all settings")};
}

}  // namespace

std::string key_of(const setting& row, std::string_view name) { return replaced(row.key, slot, name); }

std::string variable_of(const setting& row, std::string_view name) {
  return upper_with_underscores(fmt::format("REFRAIN.{}", key_of(row, name)));
}

std::string flag_of(const setting& row, std::string_view name) {
  auto flag = fmt::format("--{}", key_of(row, name));
  std::ranges::replace_if(flag, [](char c) { return c == '.' || c == '_'; }, '-');
  return flag;
}

std::string fill_in(std::string_view fixed_variable, std::string_view name) {
  return replaced(fixed_variable, variable_slot, upper_with_underscores(name));
}

bool is_name(std::string_view text) noexcept {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && std::ranges::all_of(text, fits) &&
         std::ranges::find(reserved_names, text) == reserved_names.end();
}

base::result<setting_ref> find_key(std::span<const std::string> path) {
  for (const auto& row : table()) {
    if (is_named(row) != (path.size() == 3)) continue;
    const auto key = fmt::format("{}", fmt::join(path, "."));
    const auto wanted = key_of(row, path.size() == 3 ? path[1] : "");
    const bool in_file = has_file_form(row) && key == wanted + std::string(file_key_suffix);
    if (key != wanted && !in_file) continue;
    if (!is_named(row)) return setting_ref{.row = &row, .name = "", .in_file = in_file};
    if (is_name(path[1])) return setting_ref{.row = &row, .name = path[1], .in_file = in_file};
    return base::fail(base::errc::bad_config,
                      fmt::format("'{}' cannot be a name in {}: use a-z, 0-9 and -, and none of {}",
                                  base::shorten(path[1], 40), path[0], fmt::join(reserved_names, ", ")));
  }
  return base::fail(unknown_key(path));
}

std::optional<setting_ref> find_variable(std::string_view variable) {
  for (const auto& row : table()) {
    if (auto name = name_in(variable, row)) return setting_ref{.row = &row, .name = *std::move(name), .in_file = false};
  }
  if (!variable.ends_with(file_variable_suffix)) return std::nullopt;
  variable.remove_suffix(file_variable_suffix.size());
  for (const auto& row : table()) {
    if (!has_file_form(row)) continue;
    if (auto name = name_in(variable, row)) return setting_ref{.row = &row, .name = *std::move(name), .in_file = true};
  }
  return std::nullopt;
}

std::optional<std::string> nearest_variable(std::string_view misspelt) {
  std::vector<std::string> candidates;
  for (const auto& row : table()) {
    if (!is_named(row)) {
      candidates.push_back(variable_of(row, ""));
    } else if (row.key.starts_with("upstream.")) {
      for (const auto& known : built_in_upstreams()) candidates.push_back(variable_of(row, known.name));
    }
  }
  return nearest_of(misspelt, candidates);
}

}  // namespace refrain::config
