#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "redis/diagnosis_parts.h"
#include "redis/rights.h"

namespace refrain::redis {
namespace {

/// Its INFO; what the greeting told where the user may not ask for it.
net::task<server_facts> ask_facts(std::shared_ptr<link> over) {
  commands what{"INFO"};
  const auto said = co_await over->call(std::move(what));
  const auto& greeting = over->peer();
  auto told = read_facts(said && said->front().is(reply_kind::bytes) ? said->front().text : "");
  if (told.version.empty()) told.version = greeting.version;
  if (told.mode.empty()) told.mode = greeting.mode;
  if (told.role.empty()) told.role = greeting.role;
  co_return told;
}

net::task<base::result<std::chrono::microseconds>> round_trip(std::shared_ptr<link> over) {
  std::array<std::chrono::microseconds, 5> took{};
  for (auto& one : took) {
    const auto began = std::chrono::steady_clock::now();
    commands what{"PING"};
    const auto said = co_await over->call(std::move(what));
    if (!said) co_return base::fail(said.error());
    one = std::chrono::floor<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
  }
  std::ranges::nth_element(took, took.begin() + took.size() / 2);
  co_return took[took.size() / 2];
}

finding introduce(const server_facts& told, std::string_view place, int protocol) {
  const bool replica = told.role == "slave" || told.role == "replica";
  const auto text =
      fmt::format("{} is {} {}{}{}", place, told.product, told.version.empty() ? "of an unknown version" : told.version,
                  told.mode.empty() ? "" : ", " + told.mode, replica ? ", a replica" : "");
  if (protocol >= 3) return finding::ok("redis", text);
  return finding::warning("redis", text + ", and speaks the older protocol alone",
                          "let the user ask HELLO (+hello in its ACL), or use Redis 6 or later");
}

finding judge_refused(const std::vector<right>& refused, condition severity, std::string_view user) {
  const auto rules = acl_rules(refused);
  return {.check = "redis rights",
          .what = severity,
          .text = fmt::format("the user {} may not do all that {}: it lacks {}", user,
                              severity == condition::fault ? "the store needs" : "makes the store good", rules),
          .remedy = fmt::format("ACL SETUSER {} {}, and ACL SAVE or the same in redis.conf; a command that was renamed "
                                "away has to come back",
                                user, rules)};
}

net::task<findings> try_rights(std::shared_ptr<link> over, std::vector<right> rights, std::string user) {
  commands all;
  for (const auto& one : rights) all.add(one.trial);
  const auto said = co_await over->call(std::move(all));
  if (!said) co_return findings{};
  auto refused = refused_rights(rights, *said);
  if (refused.empty()) {
    co_return findings{finding::ok("redis rights", fmt::format("the user {} may do what the store needs", user))};
  }
  const auto is_optional = [](const right& one) { return !one.needed; };
  std::vector<right> optional_ones;
  std::ranges::copy_if(refused, std::back_inserter(optional_ones), is_optional);
  std::erase_if(refused, is_optional);
  findings seen;
  if (!refused.empty()) seen.push_back(judge_refused(refused, condition::fault, user));
  if (!optional_ones.empty()) seen.push_back(judge_refused(optional_ones, condition::warning, user));
  co_return seen;
}

/// Names that lie in several slots.
constexpr int names_tried = 16;

/// Whether all keys are taken where a plain address leads: a proxy may answer for a whole Cluster.
net::task<bool> takes_all_keys(std::shared_ptr<link> over, std::string key) {
  for (int i = 0; i < names_tried; ++i) {
    commands what{"DEL", fmt::format("{}:{}", key, i)};
    const auto said = co_await over->call(std::move(what));
    if (!said || said->front().is(reply_kind::error)) co_return false;
  }
  co_return true;
}

struct plain_node {
  findings seen;
  bool used_as_cluster = false;
};

/// A node of a Cluster under the address of one server, as redis/client.h uses it.
net::task<plain_node> examine_plain_node(net::loop& home, std::shared_ptr<link> over, link_options options,
                                         diagnosis_options asked) {
  const auto place = options.where.to_string();
  plain_node node;
  node.seen = co_await examine_cluster(home, over, options, asked);
  const auto is_fault = [](const finding& one) { return one.what == condition::fault; };
  node.used_as_cluster = !node.seen.empty() && std::ranges::none_of(node.seen, is_fault);
  if (node.used_as_cluster) {
    node.seen.push_back(
        finding::ok("redis", fmt::format("{} is a node of a Redis Cluster, and is used as one", place)));
    co_return node;
  }
  const bool for_all = co_await takes_all_keys(over, asked.probe_key);
  node.seen = {for_all
                   ? finding::ok("redis", fmt::format("{} answers for a whole Redis Cluster, as a proxy does", place))
                   : *judge_kind(topology::standalone, "cluster", place)};
  co_return node;
}

}  // namespace

net::task<findings> examine(net::loop& home, std::shared_ptr<link> over, link_options options,
                            diagnosis_options asked) {
  const auto place = options.where.to_string();
  const auto told = co_await ask_facts(over);
  findings seen{introduce(told, place, over->peer().protocol)};
  bool writes_tried = false;
  if (asked.there.kind == topology::standalone && told.mode == "cluster") {
    auto node = co_await examine_plain_node(home, over, options, asked);
    append(seen, std::move(node.seen));
    if (seen.back().what == condition::fault) co_return seen;
    writes_tried = node.used_as_cluster;
  } else if (auto wrong = judge_kind(asked.there.kind, told.mode, place)) {
    seen.push_back(*std::move(wrong));
    co_return seen;
  } else if (asked.there.kind == topology::cluster) {
    append(seen, co_await examine_cluster(home, over, options, asked));
    writes_tried = true;
  }
  const auto far = co_await round_trip(over);
  if (!far) {
    seen.push_back(
        finding::fault("redis", fmt::format("{}: {}", place, far.error().context), "look at Redis' own log"));
    co_return seen;
  }
  seen.push_back(judge_distance(*far, asked.deadline, place));
  if (told.knows_memory) seen.push_back(judge_memory(told));
  if (auto full = judge_clients(told, asked.connections)) seen.push_back(*std::move(full));
  // Where EXEC is refused, the commands that follow are only queued, but their rights are judged all the same.
  const auto user = options.who.user.empty() ? "default" : options.who.user;
  if (!writes_tried) seen.push_back(co_await try_write(over, place, asked.probe_key));
  append(seen, co_await try_rights(over, std::move(asked.rights), user));
  co_return seen;
}

}  // namespace refrain::redis
