#include "admin/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/text.h"

namespace refrain::admin {
namespace {

using base::errc;
using base::fail;

/// Of an import: an entry of the usual cache.max_entry in base64, its meta, and room.
constexpr base::byte_count most_import = base::operator""_MiB(64);

constexpr std::array table{
    route{"GET", "/", show_front_page, "where the API and the token are", {}, true},
    route{"GET", "/api/health", show_health, "how the gateway and its store are"},
    route{"GET", "/api/stats", show_stats, "hit rate and money, since the start and by day"},
    route{"GET", "/api/entries", list_entries, "a page of entries that match"},
    route{"GET", "/api/entries/{name}", show_entry, "one entry with its body"},
    route{"DELETE", "/api/entries/{name}", delete_entry, "remove one entry"},
    route{"POST", "/api/purge", purge_entries, "kill all entries that match"},
    route{"GET", "/api/export/{name}", export_entry, "one entry as a line of an export"},
    route{"POST", "/api/import", import_entries, "put entries that were exported, a line each", most_import},
    route{"GET", "/api/semantic", show_semantic, "what was learned of similar questions"},
    route{"POST", "/api/feedback", take_feedback, "say that a similar question's answer was wrong or right"},
    route{"GET", "/api/config", show_config, "every setting and where it came from"},
};

constexpr std::string_view placeholder = "{name}";

struct parts_of_target {
  std::string_view path;
  std::string_view query;
};

parts_of_target split(std::string_view target) noexcept {
  const auto mark = std::min(target.find('?'), target.size());
  return {.path = target.substr(0, mark), .query = target.substr(std::min(mark + 1, target.size()))};
}

/// What stands for `{name}`, still encoded; empty for a path without it; nothing where they do not match.
std::optional<std::string_view> match(const route& one, std::string_view path) noexcept {
  if (!one.path.ends_with(placeholder)) return path == one.path ? std::optional{std::string_view{}} : std::nullopt;
  const auto fixed = one.path.substr(0, one.path.size() - placeholder.size());
  if (!path.starts_with(fixed)) return std::nullopt;
  const auto name = path.substr(fixed.size());
  return name.empty() || name.contains('/') ? std::nullopt : std::optional{name};
}

base::error no_route(std::string_view target) {
  const auto methods = allowed_methods(target);
  if (methods.empty()) {
    return {.code = errc::unknown_route, .context = "there is nothing at this path; the API begins at /api/health"};
  }
  return {.code = errc::method_not_allowed, .context = fmt::format("this takes {}", methods)};
}

}  // namespace

std::span<const route> routes() noexcept { return table; }

const route* find_route(std::string_view method, std::string_view target) noexcept {
  if (method == "HEAD") method = "GET";
  const auto path = split(target).path;
  const auto fits = [&](const route& one) { return one.method == method && match(one, path); };
  const auto* const found = std::ranges::find_if(table, fits);
  return found == table.end() ? nullptr : found;
}

handled perform(const view& gateway, std::string method, std::string target, std::string body) {
  const auto* const to = find_route(method, target);
  if (to == nullptr) co_return base::fail(no_route(target));
  const auto [path, query] = split(target);
  auto name = base::percent_decode(match(*to, path).value_or(""));
  if (!name) co_return fail(errc::bad_usage, "the path holds a broken percent escape");
  auto parsed = parameters::parse(query);
  if (!parsed) co_return fail(std::move(parsed).error());
  api_call call{.name = std::move(*name), .query = std::move(*parsed), .body = std::move(body)};
  co_return co_await to->answer(gateway, std::move(call));
}

std::string allowed_methods(std::string_view target) {
  const auto path = split(target).path;
  std::vector<std::string_view> methods;
  for (const auto& one : table) {
    if (!match(one, path)) continue;
    methods.push_back(one.method);
    if (one.method == "GET") methods.emplace_back("HEAD");
  }
  return fmt::format("{}", fmt::join(methods, ", "));
}

}  // namespace refrain::admin
