// refrain entries: list, show and delete cached answers.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "cli/backend.h"
#include "cli/command.h"
#include "cli/entry_pages.h"
#include "cli/filter_flags.h"
#include "cli/readable.h"
#include "cli/table.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

constexpr std::size_t shown_digits = 16;  // of a digest: enough to type, and to tell apart

/// `entries` and `entries list` are the same, so both have these.
struct list_flags {
  explicit list_flags(CLI::App& app) : filter(app, true) {
    app.add_option("--limit", limit, "How many to list")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_flag("--all", all, "List every one that matches");
    app.add_option("--cursor", cursor, "Go on where the JSON of an earlier listing ended (its 'next')");
    where.declare(app, "The admin API's JSON instead of a table");
  }

  filter_flags filter;
  std::size_t limit = 50;
  std::string cursor;
  bool all = false;
  backend_flags where;
};

/// `entries get` and `entries delete`.
struct name_flags {
  explicit name_flags(CLI::App& app) {
    app.add_option("name", names, "Names, or digests, or the beginnings of digests")->required();
    where.declare(app, "The admin API's JSON instead of text");
  }

  std::vector<std::string> names;
  backend_flags where;
};

std::string size_of(const admin_response& row) {
  return to_string(base::byte_count{static_cast<std::uint64_t>(row.number("/size"))});
}

std::string age_of(const admin_response& row) {
  const auto stored = time_from(row.text("/stored_at"));
  return stored ? readable(base::system_clock().seconds() - *stored) : "";
}

/// Past its TTL an entry stays for a while, to be served stale.
std::string left_of(const admin_response& row) {
  const auto left = row.number("/left_seconds");
  return left > 0 ? readable(std::chrono::seconds{left}) : "expired";
}

table as_table(const boost::json::array& rows) {
  table lines{{{.title = "digest"},
               {.title = "type"},
               {.title = "upstream", .most = 16},
               {.title = "model", .most = 32},
               {.title = "tenant", .most = 16},
               {.title = "size", .aligned = side::right},
               {.title = "age", .aligned = side::right},
               {.title = "left", .aligned = side::right},
               {.title = "query", .most = 48}}};
  for (const auto& one : rows) {
    const admin_response row{one};
    lines.add({row.text("/digest").substr(0, shown_digits), row.text("/type"), row.text("/upstream"),
               row.text("/model"), row.text("/tenant"), size_of(row), age_of(row), left_of(row), row.text("/query")});
  }
  return lines;
}

base::result<int> list(const list_flags& flags) {
  const auto api = TRY(open_backend(flags.where));
  boost::json::array rows;
  const auto most = flags.all ? std::numeric_limits<std::size_t>::max() : flags.limit;
  const auto collect = [&rows](const auto& row) {
    rows.push_back(row.form());
    return true;
  };
  const auto next = TRY(walk_entries(*api, flags.filter.query(), collect, flags.cursor, most));
  if (flags.where.json) {
    boost::json::object form{{"next", nullptr}};
    if (!next.empty()) form["next"] = next;
    form["entries"] = std::move(rows);
    print(boost::json::serialize(form) + "\n");
    return exit_done;
  }
  const auto count = rows.size();
  print(count == 0 ? fmt::format("no entries match in {}\n", api->name())
                   : as_table(rows).text(prints_in_colour(), columns_to_print()));
  if (!next.empty()) print(fmt::format("the first {}; --all lists every one\n", count));
  return exit_done;
}

/// A label and its value, for a person.
std::string describe(const admin_response& row) {
  table lines{{{.title = ""}, {.title = ""}}};
  for (const auto* const name : {"name", "upstream", "endpoint", "model", "tenant", "namespace", "level", "form",
                                 "query", "content_type", "stored_at", "cost_usd"}) {
    if (auto text = row.text(std::string("/") + name); !text.empty()) lines.add({name, std::move(text)});
  }
  lines.add({"size", size_of(row)});
  lines.add({"left", left_of(row)});
  std::string tags;
  for (const auto& tag : row.list("/tags")) tags += (tags.empty() ? "" : ", ") + admin_response{tag}.text("");
  if (!tags.empty()) lines.add({"tags", tags});
  return lines.text(false);
}

/// The body as it is; a terminal gets nothing that it would obey.
std::string body_of(const admin_response& row) {
  if (row.text("/body_encoding") != "utf-8") return fmt::format("({} in base64: see --json)\n", size_of(row));
  auto body = row.text("/body");
  if (!body.ends_with('\n')) body += '\n';
  return prints_to_terminal() ? without_controls(body, "\n\t") : body;
}

base::result<std::string> show(backend& api, const std::string& name, bool json) {
  const auto row = TRY(api.ask({.target = target_of(name)}));
  return json ? row.line() : describe(row) + "\n" + body_of(row);
}

base::result<std::string> remove(backend& api, const std::string& name, bool json) {
  const auto done = TRY(api.send({.method = "DELETE", .target = target_of(name)}));
  return json ? done + "\n" : fmt::format("deleted {}\n", name);
}

/// Does it to each entry that was named, and prints what it returns.
base::result<int> for_each_name(const name_flags& flags, decltype(show)* act) {
  const auto api = TRY(open_backend(flags.where));
  for (const auto& typed : flags.names) {
    const auto name = TRY(whole_name(*api, typed));
    const auto text = TRY(act(*api, name, flags.where.json));
    print(text);
  }
  return exit_done;
}

}  // namespace

action attach_entries(CLI::App& app) {
  const auto bare = std::make_shared<list_flags>(app);
  auto* const list_command = app.add_subcommand("list", "List entries, as without a word");
  const auto listing = std::make_shared<list_flags>(*list_command);
  auto* const get_command = app.add_subcommand("get", "Show an entry with its body");
  const auto getting = std::make_shared<name_flags>(*get_command);
  auto* const delete_command = app.add_subcommand("delete", "Delete entries");
  const auto deleting = std::make_shared<name_flags>(*delete_command);
  app.require_subcommand(0, 1);
  return [=] {
    if (get_command->parsed()) return for_each_name(*getting, show);
    if (delete_command->parsed()) return for_each_name(*deleting, remove);
    return list(list_command->parsed() ? *listing : *bare);
  };
}

}  // namespace refrain::cli
