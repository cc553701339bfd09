// docs/reference/settings.md, from the table.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "config/known_providers.h"
#include "config/load.h"
#include "config/names.h"
#include "config/redis_variables.h"
#include "config/sections.h"
#include "config/values.h"

namespace refrain::config {
namespace {

constexpr std::string_view introduction = R"(# Settings

<!-- Made by `refrain config --reference`: change the table in src/config/settings.cc instead. -->

Later wins: built-in default, `refrain.toml` (in the working directory, else in `$XDG_CONFIG_HOME/refrain/` or
`~/.config/refrain/`; `--config` or `REFRAIN_CONFIG` name another), `.env` in the working directory, environment, flag.
`refrain config` shows every setting as it stands and where it came from.

- A setting `section.name` is `name` under `[section]` in TOML, `REFRAIN_SECTION_NAME` in the environment and
  `--section-name` as a flag. Some have more names; they stand beside the setting, and within one source the variable
  that begins with `REFRAIN_` wins.
- An unknown setting or a bad value stops the start. An empty variable says nothing. Variables that Kubernetes sets for
  services (`REFRAIN_SERVICE_HOST`, `REFRAIN_PORT` ...) are ignored.
- A secret also comes from a file: `name_file` in TOML, `..._FILE` as a variable, `...-file` as a flag. The same holds for
  URLs that may carry a password.
- Durations are `20 s`, `500ms`, `5 min`, `1 h`, `30 days`; sizes `256 MiB`, `4GiB`; truth values `true`, `yes`, `on`, `1`
  and `false`, `no`, `off`, `0`; lists have commas between their items, in TOML they may be arrays.
- `SIGHUP` makes a gateway read its configuration again. A change of a setting that applies at `reload` then holds for the
  requests to come; one that applies at `start` waits until the gateway is started again, which the log line and
  `GET /api/config` say. The files of a certificate may be named anew at reload; whether the data plane speaks TLS at all
  waits for a start.
)";

constexpr std::string_view redis_introduction = R"(
### A Redis of an existing setup

These name the store where `store.url` is not given at the same place or a stronger one. Any one of the parts is enough.
`REDIS_URL`, `REDIS_PASSWORD` and `REDIS_SENTINEL_PASSWORD` also come from a file (`..._FILE`). A `REDIS_PORT` that begins
with `tcp://` is Kubernetes' and ignored. What `REDIS_SSL_...` is called here stands in the section redis.

A URL is `redis://[[user]:password@]host[:port][/database]`, with TLS `rediss://`; also `valkey://` and `valkeys://`;
`redis+cluster://host:port,host:port` for a Cluster, `redis+sentinel://host:port,host:port/service[/database]` for
Sentinels, both with TLS `rediss+...`; and `unix:///path/of/the.sock?db=1` for a socket. A raw `#`, `@`, `/` or `?` in the
password works. A query may hold `db`, `username`, `password`, `ssl_ca_certs`, `ssl_certfile`, `ssl_keyfile`,
`ssl_cert_reqs`, `ssl_check_hostname` and for Sentinels `service_name`, `sentinel_username`, `sentinel_password`; for one
URL they win over the section redis.

The nodes are JSON as LiteLLM takes it, `[{"host": "10.0.0.1", "port": 7000}]` and `[["10.0.0.1", 26379]]`, or
`10.0.0.1:7000,10.0.0.2:7000`. Where several places are named, `REDIS_URL` wins, then the Cluster, then the Sentinels.

| variable | meaning | default |
|---|---|---|
)";

constexpr std::string_view upstream_introduction = R"(
### Built-in upstreams

Each reads `<NAME>_API_KEY`, `<NAME>_BASE_URL` and `<NAME>_API_BASE`, as does every upstream of your own; `-` in a name is
`_` in variables. Names are of a-z, 0-9 and -; `v1`, `healthz`, `readyz` and `metrics` are taken.

A base URL in such a variable that points at Refrain itself is the setting of its clients and ignored with a warning. A key
is not lent to a base URL that only the working directory's `.env` names, unless the key stands in that file too.

| upstream | base URL | dialect | asks streams for usage |
|---|---|---|---|
)";

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", text); }

std::string default_cell(const setting& row) {
  if (!row.default_text.empty()) return std::string(row.default_text);
  const auto text = default_of(row);
  if (!text.empty()) return code(text);
  return is_named(row) ? "" : "none";
}

/// The names beside those that follow from the key.
std::string other_names(const setting& row) {
  std::vector<std::string> names;
  for (const auto name : {row.flag, row.switch_flag, row.variables[0], row.variables[1]}) {
    if (!name.empty()) names.push_back(code(name));
  }
  return print_list(names);
}

std::string section_page(const section& each) {
  auto page = fmt::format(
      "\n## {}\n\n{}.\n\n| setting | meaning | value | default | also | applies |\n|---|---|---|---|---|---|\n",
      each.name, each.meaning);
  for (const auto& row : table()) {
    if (section_of(row) != each.name) continue;
    page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.key, row.meaning, row.value.form(),
                        default_cell(row), other_names(row), to_string(row.value.applies));
  }
  return page;
}

std::string upstream_rows() {
  std::string page(upstream_introduction);
  for (const auto& row : built_in_upstreams()) {
    page += fmt::format("| `{}` | {} | {} | {} |\n", row.name, row.base_url, row.dialect, row.ask_usage ? "yes" : "no");
  }
  return page;
}

std::string redis_page() {
  std::string page(redis_introduction);
  for (const auto& row : redis_variables()) {
    page += fmt::format("| `{}` | {} | {} |\n", row.name, row.meaning, code(row.default_text));
  }
  return page;
}

}  // namespace

std::string reference_page() {
  std::string page(introduction);
  for (const auto& each : sections()) {
    page += section_page(each);
    if (each.name == "store") page += redis_page();
    if (each.name == "upstream") page += upstream_rows();
  }
  return page;
}

}  // namespace refrain::config
