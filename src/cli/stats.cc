// refrain stats: hit rate and money saved.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "cli/backend.h"
#include "cli/command.h"
#include "cli/readable.h"
#include "cli/table.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

struct stats_flags {
  explicit stats_flags(CLI::App& app) {
    app.add_option("what", what, "semantic: what was learned of similar questions")->check(CLI::IsMember({"semantic"}));
    app.add_option("--days", days, "How many days to look back")->check(CLI::Range(1, 3660))->capture_default_str();
    where.declare(app, "The admin API's JSON instead of a table");
  }

  std::string what;
  int days = 30;
  backend_flags where;
};

std::string count(const admin_response& from, const std::string& pointer) {
  return fmt::to_string(from.number(pointer));
}
std::string money(const admin_response& from, const std::string& pointer) {
  return readable(entry::micro_usd{from.number(pointer)});
}
std::string share(const admin_response& from, const std::string& pointer) {
  return readable_share(from.share(pointer));
}

/// One line of the summary.
struct figure {
  const char* title;
  const char* pointer;  ///< below `/since_start` or `/kept`
  std::string (*shown)(const admin_response& from, const std::string& pointer);
};
constexpr figure figures[]{
    {"requests", "/requests", count},     {"answered from the cache", "/hits", count},
    {"asked upstream", "/misses", count}, {"passed through", "/outcomes/bypass", count},
    {"hit rate", "/hit_rate", share},     {"saved", "/saved_micro_usd", money},
    {"spent", "/spent_micro_usd", money},
};

constexpr const char* since_start = "/since_start";
constexpr const char* kept = "/kept";

table summary(const admin_response& from, bool is_gateway) {
  std::vector<column> columns{{.title = ""}};
  if (is_gateway) columns.push_back({.title = "since start", .aligned = side::right});
  columns.push_back({.title = fmt::format("last {} days", from.number("/days")), .aligned = side::right});
  // The store is away: its line tells why.
  const bool is_kept_known = from.text("/kept_fault").empty();
  table sums{std::move(columns)};
  for (const auto& one : figures) {
    std::vector<std::string> cells{one.title};
    if (is_gateway) cells.push_back(one.shown(from, since_start + std::string(one.pointer)));
    cells.push_back(is_kept_known ? one.shown(from, kept + std::string(one.pointer)) : "?");
    sums.add(std::move(cells));
  }
  return sums;
}

table by_model(const admin_response& from, const std::string& below) {
  table rows{{{.title = "type"},
              {.title = "upstream", .most = 24},
              {.title = "model", .most = 48},
              {.title = "requests", .aligned = side::right},
              {.title = "hit rate", .aligned = side::right},
              {.title = "saved", .aligned = side::right},
              {.title = "spent", .aligned = side::right}}};
  for (const auto& one : from.list(below + "/rows")) {
    const admin_response row{one};
    rows.add({row.text("/type"), row.text("/upstream"), row.text("/model"), count(row, "/requests"),
              share(row, "/hit_rate"), money(row, "/saved_micro_usd"), money(row, "/spent_micro_usd")});
  }
  return rows;
}

/// What is not known is a dash.
std::string store_line(const admin_response& from) {
  const auto known = [&](const char* pointer, auto shown) {
    return from.find(pointer) == nullptr ? "-" : shown(static_cast<std::uint64_t>(from.number(pointer)));
  };
  const auto count = [](std::uint64_t number) { return std::to_string(number); };
  const auto size = [](std::uint64_t number) { return to_string(base::byte_count{number}); };
  auto line = fmt::format("store     {}: {} {}, {}", without_controls(from.text("/store/location")),
                          known("/store/entries", count),
                          // A shared server counts whatever stands in it.
                          from.text("/store/kind") == "redis" ? "keys" : "entries", known("/store/bytes", size));
  if (from.find("/store/max_bytes") != nullptr) line += " of " + known("/store/max_bytes", size);
  const auto health = from.text("/store/health");
  if (health != "ready") line += fmt::format("; {}: {}", health, without_controls(from.text("/store/detail")));
  return line + "\n";
}

/// What the store keeps is written now and then; what a memory store kept is gone: the larger account is shown by
/// model.
std::string as_text(const admin_response& from, const backend& api) {
  const bool fresh = from.number("/since_start/requests") > from.number("/kept/requests");
  const std::string below = fresh ? since_start : kept;
  auto text =
      fmt::format("{}\n{}\n", api.name(), summary(from, api.is_gateway()).text(prints_in_colour(), columns_to_print()));
  if (const auto rows = by_model(from, below); !rows.empty())
    text += rows.text(prints_in_colour(), columns_to_print()) + "\n";
  if (const auto unpriced = from.number(below + "/unpriced"); unpriced > 0) {
    text += fmt::format("{} requests cost a sum that is not known; they are in neither sum of money\n", unpriced);
  }
  return text + store_line(from);
}

table of_questions(const admin_response& from) {
  table rows{{{.title = "questions without an entry of their own"}, {.title = "", .aligned = side::right}}};
  const auto* const counts = from.find("/questions");
  if (counts == nullptr || !counts->is_object()) return rows;
  for (const auto& [reason, number] : counts->get_object()) {
    rows.add({std::string{reason}, fmt::to_string(number.is_int64() ? number.get_int64() : 0)});
  }
  return rows;
}

table of_classes(const admin_response& from) {
  table rows{{{.title = "class", .most = 48},
              {.title = "difference"},
              {.title = "labels", .aligned = side::right},
              {.title = "serves from", .aligned = side::right},
              {.title = "wrong", .aligned = side::right},
              {.title = "at most", .aligned = side::right}}};
  for (const auto& one : from.list("/classes")) {
    const admin_response row{one};
    const auto from_score = row.share("/threshold");
    const auto shown = [&](const char* pointer) { return from_score ? readable_share(row.share(pointer)) : "-"; };
    rows.add({row.text("/class"), row.text("/bin"), fmt::format("{:.0f}", row.share("/labels").value_or(0)),
              from_score                                                       ? fmt::format("{:.2f}", *from_score)
              : row.find("/alarm") != nullptr && row.find("/alarm")->as_bool() ? "alarm"
                                                                               : "nothing yet",
              shown("/wrong"), shown("/wrong_at_most")});
  }
  return rows;
}

std::string semantic_text(const admin_response& from, const backend& api) {
  auto text = fmt::format("{}\n{}\n", api.name(), of_questions(from).text(prints_in_colour(), columns_to_print()));
  if (const auto rows = of_classes(from); !rows.empty()) {
    text += rows.text(prints_in_colour(), columns_to_print()) + "\n";
  }
  return text + fmt::format("index     {} questions in {} partitions, {}; {} answers in quarantine\n",
                            from.number("/index/questions"), from.number("/index/partitions"),
                            to_string(base::byte_count{static_cast<std::uint64_t>(from.number("/index/bytes"))}),
                            from.number("/quarantined"));
}

base::result<int> show_semantic(const stats_flags& flags) {
  const auto api = TRY(open_backend(flags.where));
  const auto got = TRY(api->ask({.target = "/api/semantic"}));
  print(flags.where.json ? got.line() : semantic_text(got, *api));
  return exit_done;
}

base::result<int> run(const stats_flags& flags) {
  if (!flags.what.empty()) return show_semantic(flags);
  const auto api = TRY(open_backend(flags.where));
  const auto got = TRY(api->ask({.target = fmt::format("/api/stats?days={}", flags.days)}));
  print(flags.where.json ? got.line() : as_text(got, *api));
  return exit_done;
}

}  // namespace

action attach_stats(CLI::App& app) { return make_action<stats_flags>(app, run); }

}  // namespace refrain::cli
