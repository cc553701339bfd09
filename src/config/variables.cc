#include "config/variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <utility>

#include "config/known_providers.h"
#include "config/redis_variables.h"

namespace refrain::config {
namespace {

constexpr std::string_view own_prefix = "REFRAIN_";
constexpr int own_weight = 100;  // above every fixed variable of the same source

base::error unknown_variable(std::string_view name, source from) {
  const auto near = nearest_variable(name);
  return {
      .code = base::errc::bad_config,
      .context = fmt::format("unknown setting {}: {}", origin_of(name, from),
                             near ? fmt::format("did you mean {}?", *near) : "`refrain config` lists all settings")};
}

/// Offers one fixed variable of a row, and its form that names a file.
base::result<void> offer_fixed(candidates& into, const variables& all, setting_ref at, const std::string& name,
                               int weight, const std::filesystem::path& folder) {
  for (const bool in_file : {false, true}) {
    if (in_file && !has_file_form(*at.row)) break;
    const auto spelt = in_file ? name + "_FILE" : name;
    const auto* const given = find_given(all, spelt);
    if (given == nullptr) continue;
    at.in_file = in_file;
    TRY(into.offer(at,
                   {.text = given->value,
                    .from = given->from,
                    .weight = weight,
                    .origin = origin_of(spelt, given->from),
                    .fixed_variable = spelt},
                   folder));
  }
  return {};
}

/// The value as a line of a `.env` file means it; as it is where it is none.
std::string as_in_dot_env(const std::string& value) {
  if (value.contains('\n')) return value;
  auto read = read_dot_env("NAME=" + value).variables;
  return read.size() == 1 ? std::move(read.front().value) : value;
}

/// What stands between `${` and `}`, from where it is searched for.
struct reference {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< behind the brace
  std::string_view name;
  std::optional<std::string_view> otherwise;
};

std::optional<reference> next_reference(std::string_view text, std::size_t from) {
  for (auto at = text.find("${", from); at != text.npos; at = text.find("${", at + 1)) {
    const auto close = text.find('}', at);
    if (close == text.npos) return std::nullopt;
    const auto inside = text.substr(at + 2, close - at - 2);
    const auto mark = inside.find(":-");
    const auto name = inside.substr(0, mark);
    const auto is_of_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    if (name.empty() || !std::ranges::all_of(name, is_of_name)) continue;
    reference found{.begin = at, .end = close + 1, .name = name, .otherwise = {}};
    if (mark != inside.npos) found.otherwise = inside.substr(mark + 2);
    return found;
  }
  return std::nullopt;
}

std::string expanded(const std::string& text, const variables& all) {
  std::string out;
  std::size_t done = 0;
  for (auto one = next_reference(text, 0); one; one = next_reference(text, one->end)) {
    out += text.substr(done, one->begin - done);
    const auto* const given = find_given(all, one->name);
    if (given != nullptr) {
      out += given->value;
    } else {
      out += one->otherwise ? *one->otherwise : std::string_view{text}.substr(one->begin, one->end - one->begin);
    }
    done = one->end;
  }
  return out + text.substr(done);
}

bool is_ours(std::string_view name) {
  if (name.starts_with(own_prefix) ||
      std::ranges::find(redis_variables(), name, &redis_variable::name) != redis_variables().end()) {
    return true;
  }
  return std::ranges::any_of(table(), [&](const auto& row) {
    return std::ranges::any_of(row.variables, [&](std::string_view fixed) {
      if (fixed.empty() || !is_named(row)) return !fixed.empty() && fixed == name;
      return std::ranges::any_of(built_in_upstreams(),
                                 [&](const auto& one) { return fill_in(fixed, one.name) == name; });
    });
  });
}

}  // namespace

base::result<void> refuse_unexpanded(const variables& all) {
  for (const auto& [name, given] : all) {
    const auto left = next_reference(given.value, 0);
    if (!left || !is_ours(name)) continue;
    return base::fail(base::errc::bad_config,
                      fmt::format("{}: ${{{}}} stands there as text, and no such variable is given: set it, or write "
                                  "the value itself",
                                  origin_of(name, given.from), left->name));
  }
  return {};
}

variables merge(const std::map<std::string, std::string>& environment, const dot_env& file) {
  variables all;
  for (const auto& [name, value] : environment) {
    all[name] = {.value = as_in_dot_env(value), .from = source::environment};
  }
  for (const auto& [name, value, line] : file.variables) {
    const auto found = all.find(name);
    if (found == all.end() || found->second.from == source::dot_env) {
      all[name] = {.value = value, .from = source::dot_env};
    }
  }
  const auto as_given = all;
  for (auto& [name, one] : all) {
    if (one.value.contains("${")) one.value = expanded(one.value, as_given);
  }
  return all;
}

const variable* find_given(const variables& all, std::string_view name) {
  const auto found = all.find(name);
  return found == all.end() || found->second.value.empty() ? nullptr : &found->second;
}

std::string origin_of(std::string_view name, source from) {
  return fmt::format("{} in {}", name, from == source::dot_env ? ".env" : "the environment");
}

bool is_from_kubernetes(std::string_view name, std::string_view value) {
  if (name == "REFRAIN_PORT" || name.starts_with("REFRAIN_PORT_") || name.starts_with("REFRAIN_SERVICE_")) return true;
  // A service whose name begins with `refrain-` puts more words in the middle.
  if (name.ends_with("_SERVICE_HOST") || name.contains("_SERVICE_PORT")) return true;
  static constexpr std::array<std::string_view, 3> protocols{"tcp://", "udp://", "sctp://"};
  const bool is_address = std::ranges::any_of(protocols, [&](auto each) { return value.starts_with(each); });
  return name.contains("_PORT_")
             ? is_address || name.ends_with("_PROTO") || name.ends_with("_PORT") || name.ends_with("_ADDR")
             : is_address && name.ends_with("_PORT");
}

base::result<void> offer_own_variables(candidates& into, const variables& all, const std::filesystem::path& folder) {
  for (auto each = all.lower_bound(own_prefix); each != all.end() && each->first.starts_with(own_prefix); ++each) {
    const auto& [name, given] = *each;
    if (name == config_variable || name == admin_url_variable || name == encoder_folder_variable) continue;
    const auto at = find_variable(name);
    if (!at && is_from_kubernetes(name, given.value)) continue;
    if (!at) return base::fail(unknown_variable(name, given.from));
    if (given.value.empty()) continue;
    TRY(into.offer(
        *at, {.text = given.value, .from = given.from, .weight = own_weight, .origin = origin_of(name, given.from)},
        folder));
  }
  return {};
}

base::result<void> offer_fixed_variables(candidates& into, const variables& all, const std::filesystem::path& folder) {
  auto upstreams = into.names_of("upstream");
  for (const auto& row : built_in_upstreams()) upstreams.emplace(row.name);
  const std::set<std::string> no_name{""};

  for (const auto& row : table()) {
    int weight = own_weight;
    for (const auto fixed : row.variables) {
      weight -= 2;  // one between for the form that names a file
      if (fixed.empty()) continue;
      for (const auto& name : is_named(row) ? upstreams : no_name) {
        const setting_ref at{.row = &row, .name = name, .in_file = false};
        TRY(offer_fixed(into, all, at, fill_in(fixed, name), weight, folder));
      }
    }
  }
  return {};
}

}  // namespace refrain::config
