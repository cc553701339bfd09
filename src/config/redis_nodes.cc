#include "config/redis_nodes.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.h"
#include "base/url.h"

namespace refrain::config {
namespace {

namespace json = simdjson::dom;

/// `host:port` with IPv6 in brackets; nothing where it is no address.
std::optional<std::string> as_in_url(std::string_view host, std::string_view port) {
  const bool is_bare_ipv6 = host.contains(':') && !host.starts_with('[');
  const auto address = fmt::format("{}:{}", is_bare_ipv6 ? fmt::format("[{}]", host) : host, port);
  if (host.find_first_of("/?#@{}\"'") != host.npos) return std::nullopt;
  const auto url = base::parse_url("redis://" + address);
  return url && url->port != 0 ? std::optional(address) : std::nullopt;
}

/// `a`, `a:7000`, `[::1]:7000`.
std::optional<std::string> read_text(std::string_view text, std::string_view port) {
  // What has several colons and no brackets is an IPv6 address without a port.
  const auto parts = base::split_host_port(text).value_or(base::host_port{.host = text, .port = {}});
  return as_in_url(parts.host, parts.port.empty() ? port : parts.port);
}

/// A port as a number or, as people write it, as a text.
std::optional<std::string> read_port(json::element value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  std::uint64_t number = 0;
  return value.get(number) == simdjson::SUCCESS ? std::optional(std::to_string(number)) : std::nullopt;
}

std::optional<std::string> read_pair(simdjson::simdjson_result<json::element> host,
                                     simdjson::simdjson_result<json::element> port, std::string_view default_port) {
  std::string_view name;
  if (host.get(name) != simdjson::SUCCESS) return std::nullopt;
  json::element given;
  if (port.get(given) != simdjson::SUCCESS) return as_in_url(name, default_port);
  const auto number = read_port(given);
  return number ? as_in_url(name, *number) : std::nullopt;
}

std::optional<std::string> read_node(json::element node, std::string_view port) {
  json::object named;
  if (node.get(named) == simdjson::SUCCESS) return read_pair(named["host"], named["port"], port);
  json::array pair;
  if (node.get(pair) == simdjson::SUCCESS) return read_pair(pair.at(0), pair.at(1), port);
  std::string_view text;
  return node.get(text) == simdjson::SUCCESS ? read_text(text, port) : std::nullopt;
}

}  // namespace

std::optional<std::string> read_redis_nodes(std::string_view text, std::uint16_t port) {
  const auto default_port = std::to_string(port);
  std::string list;
  const auto add = [&](const std::optional<std::string>& node) {
    if (node) list.append(list.empty() ? "" : ",").append(*node);
    return node.has_value();
  };
  json::parser parser;
  json::element document;
  // What is no JSON is a list with commas; one that begins with an IPv6 address begins with a bracket too.
  if (parser.parse(std::string(text)).get(document) != simdjson::SUCCESS) {
    for (const auto piece : base::split(text, ',')) {
      if (!add(read_text(piece, default_port))) return std::nullopt;
    }
    return list.empty() ? std::nullopt : std::optional(list);
  }
  json::array nodes;
  if (document.get(nodes) != simdjson::SUCCESS) return std::nullopt;
  for (const auto node : nodes) {
    if (!add(read_node(node, default_port))) return std::nullopt;
  }
  return list.empty() ? std::nullopt : std::optional(list);
}

}  // namespace refrain::config
