#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/result.h"
#include "net/loop.h"
#include "redis/backoff.h"
#include "redis/finder.h"
#include "redis/node.h"

namespace refrain::redis {

/// How the servers that have the data are.
struct client_state {
  std::size_t servers = 0;           ///< known; none before the first was found
  std::size_t up = 0;                ///< of these, connected
  std::size_t hearing = 0;           ///< of these, connected, and the opening commands went well
  std::size_t renewals = 0;          ///< how often a connection took the place of one that stood
  bool turned_cluster = false;       ///< the address of one server led to a Cluster, whose nodes are used
  std::optional<base::error> fault;  ///< the latest, unless all are up
};

struct client_options {
  search where;
  node_options node;
  /// Called at every change, on the client's own thread.
  std::function<void(const client_state&)> report{};
};

/// Commands to one server, to the primary that Sentinels name, or to the nodes of a Cluster; from any thread. Nothing
/// here waits for a server that is not there. Commands that are called together are about one key, their first
/// argument, which says where they go; in a Cluster they may be sent twice, so they are a transaction or may be
/// repeated.
///
/// One server that says it is a node of a Cluster is used as what it is, once the others are reached from here. One
/// that takes no writes because it is a replica may have changed places with another behind the same name: that is
/// looked at again.
///
/// Loops in `node.readers` outlive the client and do not run any more when it goes.
class client {
 public:
  explicit client(client_options options);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Replies to the commands, in order; an error that the server answers with is a reply. Fails at once while there is
  /// no connection.
  [[nodiscard]] net::task<replies> call(use purpose, commands request);

  /// The same, of the server number `server` whatever the key; fails where there are not so many.
  [[nodiscard]] net::task<replies> call_at(std::size_t server, use purpose, commands request);
  /// How many servers share the data; 1 until more are known.
  [[nodiscard]] std::size_t servers() const;
  /// The number of the server that has the key; nothing where none is known to.
  [[nodiscard]] std::optional<std::size_t> owner_of(std::string_view key) const;

  /// The caller got another's reply for `key`: that connection is closed.
  void distrust(use purpose, std::string_view key);

  /// The loop of its own thread, for what shall run beside requests.
  [[nodiscard]] net::loop& home() noexcept { return home_; }

 private:
  struct table;
  struct member;
  struct pause;

  [[nodiscard]] std::shared_ptr<const table> now() const;
  [[nodiscard]] net::task<replies> call_in_cluster(use purpose, commands request);
  [[nodiscard]] static net::task<replies> call_and_look(client* self, std::shared_ptr<node> target, use purpose,
                                                        commands request);
  void look_at(const replies& said, const std::shared_ptr<node>& target);
  [[nodiscard]] base::error away() const;
  void suspect();

  // On the loop of its own thread.
  [[nodiscard]] static net::task<> keep_looking(client* self);
  [[nodiscard]] static net::task<> turn_into_cluster(client* self);
  [[nodiscard]] static net::task<bool> reaches_all(net::loop& home, link_options by, layout found);
  void turn_soon();
  [[nodiscard]] net::task<> wait_to_look(std::chrono::milliseconds least);
  void install(layout found);
  void reread_after(const base::error& fault);
  void on_lane_report(const base::endpoint& from, const base::result<greeting>& now);
  void report_state();

  client_options options_;
  std::atomic<topology> kind_;  ///< as configured, until one server turns out to be a Cluster
  net::loop home_;
  mutable std::mutex mutex_;
  std::shared_ptr<const table> table_;  ///< guarded by mutex_, as is fault_
  base::error fault_;                   ///< why nothing is known, while it is so
  std::map<base::endpoint, member> members_;
  backoff backoff_;
  std::size_t renewals_ = 0;
  std::unique_ptr<pause> pause_;
  std::atomic<bool> turning_{false};
  std::atomic<bool> suspected_{false};  ///< the table is to be looked over
  std::jthread thread_;
};

}  // namespace refrain::redis
