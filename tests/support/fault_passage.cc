#include "support/fault_passage.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string_view>
#include <utility>

namespace refrain::tests {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_size = 64ull << 10;
/// More would make a long reply last for minutes.
constexpr std::size_t most_pieces = 100;
constexpr std::string_view discard = "*1\r\n$7\r\nDISCARD\r\n";
constexpr std::string_view spoilt = "-EXECABORT Transaction discarded because of previous errors.";

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// What a connection begins with.
bool sets_up(std::string_view name) {
  static constexpr std::array<std::string_view, 5> names{"HELLO", "AUTH", "SELECT", "CLIENT", "PING"};
  return is_one_of(names, name);
}

/// What a server answers in every state, so that `*` does not stand for it.
bool is_always_answered(std::string_view name) { return sets_up(name) && name != "PING"; }

/// What pushes alone answer.
bool subscribes(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names{"SUBSCRIBE",   "PSUBSCRIBE",   "SSUBSCRIBE",
                                                         "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"};
  return is_one_of(names, name);
}

}  // namespace

fault_passage::fault_passage(tcp::socket client, std::uint16_t server_port, const fault_source& faults,
                             std::uint64_t seed)
    : client_(std::move(client)),
      server_(client_.get_executor()),
      server_port_(server_port),
      faults_(faults),
      random_(seed),
      details_(~seed),
      news_(client_.get_executor()),
      pause_(client_.get_executor()) {}

void fault_passage::start() { asio::co_spawn(client_.get_executor(), run(shared_from_this()), asio::detached); }

auto fault_passage::run(std::shared_ptr<fault_passage> self) -> task<> {
  auto& all = *self;
  error_code ignored;
  all.client_.set_option(tcp::no_delay{true}, ignored);
  if (const auto faults = all.faults_.now(); !faults->at_connect.empty()) {
    all.faults_.count(&fault_tally::answers);
    all.send({.bytes = faults->at_connect + "\r\n", .then = ending::fin});
  } else {
    co_await all.while_deaf();
    const tcp::endpoint where{asio::ip::address_v4::loopback(), all.server_port_};
    const auto [fault] = co_await all.server_.async_connect(where, quietly);
    if (fault || !all.open_) {
      all.reset();
      co_return;
    }
    all.server_.set_option(tcp::no_delay{true}, ignored);
    asio::co_spawn(all.client_.get_executor(), carry_replies(self), asio::detached);
  }
  asio::co_spawn(all.client_.get_executor(), carry_commands(self), asio::detached);
  co_await deliver(self);
}

auto fault_passage::while_deaf() -> task<> {
  asio::steady_timer turn{client_.get_executor()};
  while (open_ && faults_.now()->deaf) {
    turn.expires_after(2ms);
    (void)co_await turn.async_wait(quietly);
  }
}

auto fault_passage::carry_commands(std::shared_ptr<fault_passage> self) -> task<> {
  auto& all = *self;
  std::string some(read_size, '\0');
  while (true) {
    const auto [fault, count] = co_await all.client_.async_read_some(asio::buffer(some), quietly);
    if (fault) break;
    if (!all.open_) continue;  // it has been shown the door, and finds out by itself
    co_await all.while_deaf();
    all.commands_.feed({some.data(), count});
    std::string forward;
    while (auto command = all.commands_.next()) forward += all.take_command(*std::move(command));
    all.send_own_answers();
    if (forward.empty()) continue;
    const auto [broken, written] = co_await asio::async_write(all.server_, asio::buffer(forward), quietly);
    if (broken && all.open_) break;
  }
  all.reset();
}

/// What the server gets of it.
std::string fault_passage::take_command(std::string command) {
  const auto name = command_name(command);
  if (subscribes(name)) return command;
  const bool ends = name == "EXEC" || name == "DISCARD";
  auto answer = faults_.now()->answer_to(name, !is_always_answered(name));
  if (!answer && spoiled_ && name == "EXEC") answer = spoilt;
  if (answer) faults_.count(&fault_tally::answers);
  const bool within = in_transaction_;
  in_transaction_ = (within && !ends) || (name == "MULTI" && !answer);
  spoiled_ = in_transaction_ && (spoiled_ || answer);
  if (!answer) {
    awaited_.push_back({.spared = sets_up(name), .instead = {}});
    return command;
  }
  // The server forgets what it has queued.
  const bool forgets = within && ends;
  awaited_.push_back({.from_server = forgets, .spared = true, .instead = *answer + "\r\n"});
  return forgets ? std::string{discard} : "";
}

auto fault_passage::carry_replies(std::shared_ptr<fault_passage> self) -> task<> {
  auto& all = *self;
  std::string some(read_size, '\0');
  while (true) {
    const auto [fault, count] = co_await all.server_.async_read_some(asio::buffer(some), quietly);
    if (fault) break;
    all.replies_.feed({some.data(), count});
    while (auto reply = all.replies_.next()) all.take_reply(*std::move(reply));
  }
  if (all.open_) all.send({.then = ending::fin});
}

void fault_passage::take_reply(std::string reply) {
  if (cut_) return;
  faults_.count(&fault_tally::replies);
  if (reply.starts_with('>') || awaited_.empty()) return send({.bytes = std::move(reply)});
  const auto what = std::move(awaited_.front());
  awaited_.pop_front();
  if (!what.instead.empty()) reply = what.instead;
  if (what.spared) {
    send({.bytes = std::move(reply)});
  } else {
    meet_fate(std::move(reply));
  }
  send_own_answers();
}

void fault_passage::meet_fate(std::string reply) {
  const auto faults = faults_.now();
  const auto drawn = draw_fate(*faults, random_);
  parcel one{.bytes = std::move(reply), .due = steady_clock::now() + drawn.delay, .split = drawn.split};
  if (drawn.delay > 0us) faults_.count(&fault_tally::delays);
  if (drawn.split) faults_.count(&fault_tally::splits);
  switch (drawn.what) {
    case deed::none: break;
    case deed::duplicate:
      faults_.count(&fault_tally::duplicates);
      one.bytes += one.bytes;
      break;
    case deed::drop: faults_.count(&fault_tally::drops); return;
    case deed::swap:
      if (awaited_.empty() || !held_.empty()) break;
      faults_.count(&fault_tally::swaps);
      held_ = std::move(one.bytes);
      return;
    case deed::garbage: {
      faults_.count(&fault_tally::garbage);
      std::string noise(1 + details_() % 16, '\0');
      for (auto& byte : noise) byte = static_cast<char>(details_());
      one.bytes.insert(0, noise);
      break;
    }
    case deed::flip:
      faults_.count(&fault_tally::flips);
      one.bytes[details_() % one.bytes.size()] ^= static_cast<char>(1 + details_() % 255);
      break;
    case deed::cut:
      faults_.count(&fault_tally::cuts);
      one.bytes.resize(details_() % (one.bytes.size() + 1));
      cut_ = true;
      one.then = details_() % 2 == 0 ? ending::fin : ending::rst;
      break;
    case deed::stall:
      faults_.count(&fault_tally::stalls);
      one.due += faults->stall_for;
      break;
  }
  send(std::move(one));
  if (!held_.empty()) send({.bytes = std::exchange(held_, {})});
}

/// Those whose turn it is: what was asked before them is answered.
void fault_passage::send_own_answers() {
  while (!awaited_.empty() && !awaited_.front().from_server) {
    send({.bytes = std::move(awaited_.front().instead)});
    awaited_.pop_front();
  }
}

void fault_passage::send(parcel one) {
  outbox_.push_back(std::move(one));
  news_.cancel();
}

auto fault_passage::deliver(std::shared_ptr<fault_passage> self) -> task<> {
  auto& all = *self;
  while (all.open_) {
    if (all.outbox_.empty()) {
      all.news_.expires_at(steady_clock::time_point::max());
      (void)co_await all.news_.async_wait(quietly);
      continue;
    }
    auto next = std::move(all.outbox_.front());
    all.outbox_.pop_front();
    if (next.due > steady_clock::now()) {
      all.pause_.expires_at(next.due);
      (void)co_await all.pause_.async_wait(quietly);
    }
    co_await all.while_deaf();
    const auto then = next.then;
    co_await all.write(std::move(next));
    if (then == ending::fin) all.finish();
    if (then == ending::rst) all.reset();
  }
}

auto fault_passage::write(parcel one) -> task<> {
  std::string_view left = one.bytes;
  for (std::size_t piece = 1; open_ && !left.empty(); ++piece) {
    const bool small = one.split && piece < most_pieces;
    const auto size = small ? 1 + details_() % faults_.now()->split_up_to : left.size();
    const auto now = left.substr(0, size);
    const auto [fault, written] = co_await asio::async_write(client_, asio::buffer(now), quietly);
    if (fault) break;
    left.remove_prefix(now.size());
    if (small) co_await asio::post(client_.get_executor(), asio::use_awaitable);
  }
}

void fault_passage::finish() {
  open_ = false;
  error_code ignored;
  client_.shutdown(tcp::socket::shutdown_send, ignored);
  server_.close(ignored);
}

void fault_passage::reset() {
  open_ = false;
  error_code ignored;
  client_.set_option(asio::socket_base::linger{true, 0}, ignored);
  client_.close(ignored);
  server_.close(ignored);
  news_.cancel();
  pause_.cancel();
}

}  // namespace refrain::tests
