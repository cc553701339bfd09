#include "config/redis_variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/url.h"
#include "config/redis_nodes.h"
#include "config/secret_file.h"
#include "config/values.h"

namespace refrain::config {
namespace {

constexpr std::array rows{
    redis_variable{"REDIS_URL", "redis://[[user]:password@]host:port[/db], rediss:// with TLS; wins over the parts",
                   ""},
    redis_variable{"REDIS_HOST", "Host of the Redis or Valkey server", "localhost"},
    redis_variable{"REDIS_PORT", "Its port", "6379"},
    redis_variable{"REDIS_USERNAME", "ACL user", ""},
    redis_variable{"REDIS_PASSWORD", "Password", ""},
    redis_variable{"REDIS_DB", "Number of the database", "0"},
    redis_variable{"REDIS_SSL", "Whether to speak TLS", "false"},
    redis_variable{"REDIS_CLUSTER_NODES",
                   "Nodes of a Redis Cluster in place of the host, as JSON or with commas between them", ""},
    redis_variable{"REDIS_SENTINEL_NODES", "Sentinels in place of the host, as JSON or with commas between them", ""},
    redis_variable{"REDIS_SERVICE_NAME", "What the Sentinels call the primary: mymaster", ""},
    redis_variable{"REDIS_SENTINEL_PASSWORD", "Password of the Sentinels, and of Redis where that has none of its own",
                   ""},
};

constexpr int url_weight = 50;
constexpr int parts_weight = 48;

/// The parts that are given, and where each is from.
class parts {
 public:
  parts(const variables& all, const std::filesystem::path& folder) : all_(all), folder_(folder) {}

  /// The part's text; nothing where it is not given.
  std::optional<std::string> text(std::string_view name) {
    const auto* const given = find_given(all_, name);
    if (given == nullptr || (name == "REDIS_PORT" && given->value.starts_with("tcp://"))) return std::nullopt;
    note(name, given->from);
    return given->value;
  }

  /// The same for a secret, which may stand in a file.
  base::result<std::optional<std::string>> secret(const std::string& name) {
    if (auto given = text(name)) return given;
    const auto path = text(name + "_FILE");
    if (!path) return std::optional<std::string>();
    auto read = read_secret_file(folder_ / *path);
    if (!read) return refuse(name + "_FILE", read.error().context);
    return std::optional(*std::move(read));
  }

  /// A failure that names the variable and its origin, never its value.
  [[nodiscard]] std::unexpected<base::error> refuse(std::string_view name, std::string_view reason) const {
    const auto found = all_.find(name);
    const auto origin = found == all_.end() ? std::string(name) : origin_of(name, found->second.from);
    return base::fail(base::errc::bad_config, fmt::format("{}: {}", origin, reason));
  }

  [[nodiscard]] bool any() const { return !origins_.empty(); }
  [[nodiscard]] source latest() const { return latest_; }
  [[nodiscard]] std::string origin() const { return print_list(origins_); }

 private:
  void note(std::string_view name, source from) {
    origins_.push_back(origin_of(name, from));
    latest_ = std::max(latest_, from);
  }

  const variables& all_;
  const std::filesystem::path& folder_;
  std::vector<std::string> origins_;
  source latest_ = source::built_in;
};

std::string userinfo_of(const std::optional<std::string>& user, const std::optional<std::string>& password) {
  if (!user && !password) return "";
  const auto name = base::percent_encode(user.value_or(""));
  return password ? fmt::format("{}:{}@", name, base::percent_encode(*password)) : fmt::format("{}@", name);
}

/// What a URL says beside its hosts, whatever they are.
struct way_in {
  std::string_view tls_letter;  ///< after `redis` in the scheme
  std::string userinfo;
  unsigned database = 0;
};

/// `otherwise` is the password where none is given.
base::result<way_in> read_way_in(parts& given, const std::optional<std::string>& otherwise) {
  const auto user = given.text("REDIS_USERNAME");
  const auto password = TRY(given.secret("REDIS_PASSWORD"));
  const auto database_text = given.text("REDIS_DB");
  const auto database = base::to_integer<unsigned>(base::trim(database_text.value_or("0")));
  if (!database) return given.refuse("REDIS_DB", "give the number of a database");
  const auto tls = parse_boolean(given.text("REDIS_SSL").value_or("false"));
  if (!tls) return given.refuse("REDIS_SSL", "give true or false");
  return way_in{.tls_letter = *tls ? "s" : "",
                .userinfo = userinfo_of(user, password ? password : otherwise),
                .database = *database};
}

base::result<std::string> compose_server(parts& given) {
  auto host = given.text("REDIS_HOST").value_or("localhost");
  if (host.find_first_of("/@ ,") != std::string::npos) {
    return given.refuse("REDIS_HOST", "give a host name alone; a whole URL stands in REDIS_URL");
  }
  auto port_text = given.text("REDIS_PORT");
  std::string_view port_from = "REDIS_PORT";
  // `host:port`, `[::1]:port`; what has several colons and no brackets is an IPv6 address alone.
  if (const auto both = base::split_host_port(host); both && !both->port.empty()) {
    if (port_text && base::trim(*port_text) != both->port) {
      return given.refuse("REDIS_HOST", "it names another port than REDIS_PORT: leave one out");
    }
    port_text = std::string{both->port};
    port_from = "REDIS_HOST";
    host = std::string{both->host};
  }
  const auto port = base::to_integer<std::uint16_t>(base::trim(port_text.value_or("6379")));
  if (!port || *port == 0) return given.refuse(port_from, "give a port from 1 to 65535");
  const auto by = TRY(read_way_in(given, {}));
  const bool is_v6 = host.contains(':') && !host.starts_with('[');
  return fmt::format("redis{}://{}{}:{}/{}", by.tls_letter, by.userinfo, is_v6 ? fmt::format("[{}]", host) : host,
                     *port, by.database);
}

base::result<std::string> compose_cluster(parts& given, std::string_view nodes) {
  const auto list = read_redis_nodes(nodes, 6379);
  if (!list) {
    return given.refuse("REDIS_CLUSTER_NODES",
                        R"(give JSON such as [{"host": "10.0.0.1", "port": 7000}], or HOST:PORT,HOST:PORT)");
  }
  const auto by = TRY(read_way_in(given, {}));
  if (by.database != 0) return given.refuse("REDIS_DB", "a Cluster has database 0 only: leave it out");
  return fmt::format("redis{}+cluster://{}{}", by.tls_letter, by.userinfo, *list);
}

base::result<std::string> compose_sentinel(parts& given, std::string_view nodes) {
  const auto list = read_redis_nodes(nodes, 26379);
  if (!list) {
    return given.refuse("REDIS_SENTINEL_NODES", R"(give JSON such as [["10.0.0.1", 26379]], or HOST:PORT,HOST:PORT)");
  }
  const auto service = given.text("REDIS_SERVICE_NAME");
  if (!service) {
    return given.refuse("REDIS_SENTINEL_NODES", "give REDIS_SERVICE_NAME too: what the Sentinels call the primary");
  }
  const auto sentinels = TRY(given.secret("REDIS_SENTINEL_PASSWORD"));
  const auto by = TRY(read_way_in(given, sentinels));
  return fmt::format("redis{}+sentinel://{}{}/{}/{}{}", by.tls_letter, by.userinfo, *list,
                     base::percent_encode(base::trim(*service)), by.database,
                     sentinels ? fmt::format("?sentinel_password={}", base::percent_encode(*sentinels)) : "");
}

/// The URL that the parts mean together. Nodes win over Sentinels and those over a host, as LiteLLM has it.
base::result<std::string> compose(parts& given) {
  if (const auto nodes = given.text("REDIS_CLUSTER_NODES")) return compose_cluster(given, *nodes);
  if (const auto nodes = given.text("REDIS_SENTINEL_NODES")) return compose_sentinel(given, *nodes);
  return compose_server(given);
}

}  // namespace

std::span<const redis_variable> redis_variables() noexcept { return rows; }

base::result<void> offer_redis(candidates& into, const variables& all, const std::filesystem::path& folder) {
  setting_ref at{.row = find_row("store.url"), .name = "", .in_file = false};
  for (const std::string name : {"REDIS_URL", "REDIS_URL_FILE"}) {
    const auto* const given = find_given(all, name);
    if (given == nullptr) continue;
    at.in_file = name.ends_with("_FILE");
    return into.offer(
        at, {.text = given->value, .from = given->from, .weight = url_weight, .origin = origin_of(name, given->from)},
        folder);
  }
  parts given(all, folder);
  auto url = TRY(compose(given));
  if (!given.any()) return {};
  return into.offer(
      at, {.text = std::move(url), .from = given.latest(), .weight = parts_weight, .origin = given.origin()}, folder);
}

}  // namespace refrain::config
