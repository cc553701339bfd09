#pragma once

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "redis/client.h"
#include "support/redis/server.h"

namespace refrain::redis::testing {

/// What a program says, and that it went well.
inline std::string run_and_read(const std::string& command) {
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string said;
  std::array<char, 4096> some{};
  while (const auto count = std::fread(some.data(), 1, some.size(), pipe)) said.append(some.data(), count);
  if (::pclose(pipe) != 0) throw std::runtime_error(command + " failed: " + said);
  return said;
}

/// What `redis-cli` says to a server.
inline std::string cli(const server& at, const std::string& words) {
  return run_and_read("redis-cli -p " + std::to_string(at.port()) + " " + words);
}

/// What a server says of its copies. One that changes sides hangs up meanwhile, and says nothing of them.
inline std::string replication_of(const server& at) { return cli(at, "INFO replication || true"); }

/// What a replica of the fixtures below does not wait for: others who would want the same copy.
inline const std::vector<std::string> copies_at_once{"--repl-diskless-sync-delay", "0"};

/// Options of a node; those after them say what it announces.
inline std::vector<std::string> of_node(const std::vector<std::string>& more = {}) {
  std::vector<std::string> all{"--cluster-enabled",
                               "yes",
                               "--cluster-node-timeout",
                               "1000",
                               "--cluster-replica-validity-factor",
                               "0",
                               "--cluster-port",
                               std::to_string(free_port())};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Makes a node the whole Cluster.
inline void give_all_slots(const server& node) { (void)cli(node, "CLUSTER ADDSLOTSRANGE 0 16383"); }

/// For tests: a real Redis Cluster on this machine, with as many replicas as primaries. A primary that dies is replaced
/// within a second or two.
class cluster {
 public:
  explicit cluster(std::size_t primaries = 3, bool replicas = true) {
    const auto count = primaries * (replicas ? 2 : 1);
    std::string hosts;
    for (std::size_t i = 0; i < count; ++i) {
      nodes_.push_back(std::make_unique<server>(of_node(copies_at_once)));
      hosts += " 127.0.0.1:" + std::to_string(nodes_.back()->port());
    }
    (void)run_and_read("redis-cli --cluster create" + hosts + " --cluster-yes --cluster-replicas " +
                       (replicas ? "1" : "0"));
    for (const auto& one : nodes_) {
      if (!comes_true([&] { return cli(*one, "CLUSTER INFO").contains("cluster_state:ok"); })) {
        throw std::runtime_error("the cluster does not come up");
      }
    }
  }

  [[nodiscard]] std::string url() const {
    return "redis+cluster://127.0.0.1:" + std::to_string(nodes_.front()->port());
  }
  [[nodiscard]] const std::vector<std::unique_ptr<server>>& nodes() const noexcept { return nodes_; }
  /// The primary that has the slot.
  [[nodiscard]] server& owner_of(unsigned slot) const {
    for (const auto& one : nodes_) {
      if (one->is_running() && owns(*one, slot)) return *one;
    }
    throw std::runtime_error("nobody owns the slot");
  }
  /// Whether all run and agree, and each primary has a replica that is up to date: another may die.
  [[nodiscard]] bool is_whole() const {
    std::size_t following = 0;
    for (const auto& one : nodes_) {
      if (!one->is_running() || !cli(*one, "CLUSTER INFO").contains("cluster_state:ok")) return false;
      if (cli(*one, "CLUSTER NODES").contains("fail")) return false;
      const auto said = replication_of(*one);
      if (said.contains("role:master") && !said.contains("connected_slaves:1")) return false;
      if (said.contains("master_link_status:up")) ++following;
    }
    return following * 2 == nodes_.size();
  }
  /// A node's id, as CLUSTER commands want it.
  [[nodiscard]] static std::string id_of(const server& node) { return cli(node, "CLUSTER MYID").substr(0, 40); }

  /// A node that has no slots yet and knows the others.
  server& add() {
    nodes_.push_back(std::make_unique<server>(of_node(copies_at_once)));
    (void)cli(*nodes_.back(), "CLUSTER MEET 127.0.0.1 " + std::to_string(nodes_.front()->port()) + " " + bus_port());
    for (const auto& one : nodes_) {
      if (!comes_true([&] { return knows(*one, *nodes_.back()) && knows(*nodes_.back(), *one); })) {
        throw std::runtime_error("the new node stays alone");
      }
    }
    // A node that claims a slot before it has heard of the others' epoch claims it in an older one, and is not
    // believed.
    if (!comes_true([&] { return epoch_of(*nodes_.back()) == epoch_of(*nodes_.front()); })) {
      throw std::runtime_error("the new node does not hear of the cluster's epoch");
    }
    return *nodes_.back();
  }

  template <class F>
  [[nodiscard]] static bool comes_true(F is_so) {
    for (int turn = 0; turn < 1500; ++turn) {
      if (is_so()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return false;
  }

 private:
  /// Whether a node has met another, by its id: before that it takes no word about it.
  [[nodiscard]] static bool knows(const server& node, const server& other) {
    const auto said = cli(node, "CLUSTER NODES");
    const auto at = said.find(id_of(other));
    return at != std::string::npos && !said.substr(at, said.find('\n', at) - at).contains("handshake");
  }
  /// `cluster_current_epoch:6`
  [[nodiscard]] static std::string epoch_of(const server& node) {
    const auto said = cli(node, "CLUSTER INFO");
    const auto at = said.find("cluster_current_epoch:");
    return said.substr(at, said.find('\r', at) - at);
  }
  /// Where the nodes speak to the first of them, from `address@busport` in its own line.
  [[nodiscard]] std::string bus_port() const {
    const auto said = cli(*nodes_.front(), "CLUSTER NODES");
    const auto at = said.find(":" + std::to_string(nodes_.front()->port()) + "@");
    const auto begin = said.find('@', at) + 1;
    return said.substr(begin, said.find_first_not_of("0123456789", begin) - begin);
  }
  [[nodiscard]] static bool owns(const server& node, unsigned slot) {
    // `id address myself,master - 0 0 3 connected 0-5460 5461`
    const auto said = cli(node, "CLUSTER NODES");
    const auto mine = said.find("myself,master");
    if (mine == std::string::npos) return false;
    const auto line = said.substr(mine, said.find('\n', mine) - mine);
    auto at = line.find("connected");
    while (at != std::string::npos && (at = line.find_first_of("0123456789", at)) != std::string::npos) {
      const auto first = std::stoul(line.substr(at));
      at = line.find_first_not_of("0123456789", at);
      auto last = first;
      if (at != std::string::npos && line[at] == '-') {
        last = std::stoul(line.substr(at + 1));
        at = line.find(' ', at);
      }
      if (first <= slot && slot <= last) return true;
      if (at != std::string::npos && line.find('[', at) == at + 1) break;
    }
    return false;
  }

  std::vector<std::unique_ptr<server>> nodes_;
};

}  // namespace refrain::redis::testing
