#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/redis/cluster.h"

namespace refrain::redis::testing {

/// For tests: a real primary with a replica, and Sentinels that know it as `main`. A primary that dies is replaced
/// within a few seconds.
class sentinels {
 public:
  explicit sentinels(std::vector<std::string> of_data = {}) : primary_(with_copies_at_once(of_data)) {
    auto follows = std::vector<std::string>{"--replicaof", "127.0.0.1 " + std::to_string(primary_.port())};
    follows.insert(follows.end(), of_data.begin(), of_data.end());
    replica_ = std::make_unique<server>(with_copies_at_once(std::move(follows)));
    const auto watched = "sentinel monitor main 127.0.0.1 " + std::to_string(primary_.port()) +
                         " 2\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 2000\n";
    for (int i = 0; i < 3; ++i) {
      watchers_.push_back(std::make_unique<server>(std::vector<std::string>{"--sentinel"}, watched));
    }
    for (const auto& one : watchers_) {
      if (!cluster::comes_true([&] {
            const auto said = cli(*one, "SENTINEL MASTER main");
            return after(said, "num-slaves") == "1" && after(said, "num-other-sentinels") == "2";
          })) {
        throw std::runtime_error("the Sentinels do not find each other");
      }
    }
  }

  [[nodiscard]] std::string url() const {
    std::string all = "redis+sentinel://";
    for (const auto& one : watchers_) all += "127.0.0.1:" + std::to_string(one->port()) + ",";
    all.back() = '/';
    return all + "main";
  }
  [[nodiscard]] server& first() noexcept { return primary_; }
  [[nodiscard]] server& second() noexcept { return *replica_; }
  [[nodiscard]] const std::vector<std::unique_ptr<server>>& watchers() const noexcept { return watchers_; }
  /// The primary's port, as the Sentinels have it.
  [[nodiscard]] std::uint16_t primary_port() const {
    const auto said = cli(*watchers_.front(), "SENTINEL GET-MASTER-ADDR-BY-NAME main");
    return static_cast<std::uint16_t>(std::stoi(said.substr(said.find('\n') + 1)));
  }
  [[nodiscard]] server& primary() noexcept { return primary_port() == primary_.port() ? primary_ : *replica_; }
  /// Whether both run, the one follows the other and is up to date, and all Sentinels know it: another may die.
  [[nodiscard]] bool is_whole() {
    if (!primary_.is_running() || !replica_->is_running()) return false;
    auto& follower = &primary() == &primary_ ? *replica_ : primary_;
    const auto said = replication_of(follower);
    if (!said.contains("master_port:" + std::to_string(primary().port())) || !said.contains("master_link_status:up")) {
      return false;
    }
    return std::ranges::all_of(watchers_, [&](const auto& one) {
      return cli(*one, "SENTINEL MASTER main").contains("\nflags\nmaster\n") &&
             after(cli(*one, "SENTINEL REPLICAS main"), "flags") == "slave";
    });
  }

 private:
  [[nodiscard]] static std::vector<std::string> with_copies_at_once(std::vector<std::string> more) {
    more.insert(more.end(), copies_at_once.begin(), copies_at_once.end());
    return more;
  }
  /// The line behind one: how redis-cli shows a map of RESP2.
  [[nodiscard]] static std::string after(const std::string& said, const std::string& name) {
    const auto at = said.find(name + "\n");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 1;
    return said.substr(begin, said.find('\n', begin) - begin);
  }

  server primary_;
  std::unique_ptr<server> replica_;
  std::vector<std::unique_ptr<server>> watchers_;
};

}  // namespace refrain::redis::testing
