#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "support/resp_frames.h"
#include "support/wire_faults.h"

namespace refrain::tests {

/// What passages of one proxy share. Both functions may be called on the proxy's thread.
struct fault_source {
  std::function<std::shared_ptr<const wire_faults>()> now;
  std::function<void(std::uint64_t fault_tally::*)> count;
};

/// One client's way to the server and back, on the proxy's thread.
class fault_passage : public std::enable_shared_from_this<fault_passage> {
 public:
  using tcp = boost::asio::ip::tcp;

  fault_passage(tcp::socket client, std::uint16_t server_port, const fault_source& faults, std::uint64_t seed);

  /// Connects to the server and carries on until one side ends it.
  void start();
  /// Ends both connections, the client's by RST.
  void reset();

 private:
  template <class T = void>
  using task = boost::asio::awaitable<T>;
  enum class ending : std::uint8_t { none, fin, rst };

  /// A reply that the client waits for.
  struct awaited {
    bool from_server = true;
    bool spared = false;  ///< what comes by chance
    std::string instead;  ///< of the server's own; or all of it where it is not from there
  };
  /// What goes to the client.
  struct parcel {
    std::string bytes;
    std::chrono::steady_clock::time_point due{};
    bool split = false;
    ending then = ending::none;
  };

  static task<> run(std::shared_ptr<fault_passage> self);
  static task<> carry_commands(std::shared_ptr<fault_passage> self);
  static task<> carry_replies(std::shared_ptr<fault_passage> self);
  static task<> deliver(std::shared_ptr<fault_passage> self);
  task<> while_deaf();
  task<> write(parcel one);
  [[nodiscard]] std::string take_command(std::string command);
  void take_reply(std::string reply);
  void meet_fate(std::string reply);
  void send_own_answers();
  void send(parcel one);
  void finish();

  tcp::socket client_;
  tcp::socket server_;
  const std::uint16_t server_port_;
  const fault_source& faults_;
  std::mt19937_64 random_;   ///< draws fates alone, so that they do not hang on what else happens
  std::mt19937_64 details_;  ///< draws all else
  resp_frames commands_;
  resp_frames replies_;
  std::deque<awaited> awaited_;
  std::deque<parcel> outbox_;
  std::string held_;  ///< to be sent behind its successor
  boost::asio::steady_timer news_;
  boost::asio::steady_timer pause_;
  bool in_transaction_ = false;
  bool spoiled_ = false;  ///< EXEC will be refused
  bool cut_ = false;      ///< the last bytes are on their way
  bool open_ = true;
};

}  // namespace refrain::tests
