#include "bench/load.h"

#include <fmt/format.h>

#include <utility>

#include "base/clock.h"
#include "http/client.h"
#include "net/loop.h"

namespace refrain::bench {
namespace {

using base::fail;

/// Enough of a body's end to find its terminator in.
constexpr std::size_t tail_size = 64;

/// What one request came to.
struct response {
  int status = 0;
  std::string outcome;
  std::string tail;
  std::uint64_t bytes = 0;
};

/// What all connections share; one thread runs them.
struct session {
  const load& asked_for;
  http::client with;
  http::route route;
  std::vector<std::string> heads;  ///< of the question at the same place
  base::steady_time end;
  std::uint64_t asked = 0;
  unsigned running = 0;
  bool unreachable = false;
  measurement result{};

  [[nodiscard]] bool goes_on() const {
    if (unreachable) return false;
    return asked_for.requests > 0 ? asked < asked_for.requests : base::system_clock().steady() < end;
  }
};

std::string head_of(const load& what, const std::string& body) {
  auto head = fmt::format(
      "POST {}/chat/completions HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nUser-Agent: refrain-bench\r\n"
      "Content-Length: {}\r\n",
      what.to.path, what.to.authority(), body.size());
  if (!what.key.empty()) head += fmt::format("Authorization: Bearer {}\r\n", what.key);
  return head + "\r\n";
}

void keep_tail(std::string& tail, std::string_view piece) {
  tail.append(piece.substr(piece.size() - std::min(piece.size(), tail_size)));
  if (tail.size() > tail_size) tail.erase(0, tail.size() - tail_size);
}

net::task<base::result<response>> ask(http::call& over, std::string_view head, std::string_view body) {
  const auto written = co_await over.write(head, body);
  if (!written) co_return fail(written.error());
  over.sent();
  const auto read = co_await over.read_head(false);
  if (!read) co_return fail(read.error());
  response got{.status = (*read)->status, .outcome = std::string((*read)->find("x-refrain-cache").value_or("NONE"))};
  while (true) {
    const auto piece = co_await over.read_some();
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) co_return got;
    got.bytes += piece->size();
    keep_tail(got.tail, *piece);
  }
}

void count(session& all, const base::result<response>& got, std::chrono::nanoseconds took) {
  if (!got) {
    ++all.result.faults[got.error().context];
  } else if (got->status != 200) {
    ++all.result.faults[fmt::format("status {}", got->status)];
  } else if (!looks_whole(got->tail, all.asked_for.stream)) {
    ++all.result.faults["the body is not whole"];
  } else {
    all.result.bytes += got->bytes;
    all.result.by_outcome[got->outcome].push_back(took);
  }
}

net::task<> work(session& all) {
  while (all.goes_on()) {
    const auto which = all.asked++ % all.heads.size();
    const auto call = co_await all.with.open(all.route);
    if (!call) {
      ++all.result.faults[call.error().context];
      all.unreachable = true;
      break;
    }
    const auto began = base::system_clock().steady();
    const auto got = co_await ask(**call, all.heads[which], all.asked_for.questions[which]);
    count(all, got, base::system_clock().steady() - began);
  }
  if (--all.running == 0) all.with.home().stop();
}

}  // namespace

bool looks_whole(std::string_view tail, bool stream) noexcept {
  while (tail.ends_with('\n') || tail.ends_with('\r') || tail.ends_with(' ')) tail.remove_suffix(1);
  return stream ? tail.ends_with("data: [DONE]") : tail.ends_with('}');
}

measurement measure(const load& what) {
  using namespace std::chrono_literals;
  const auto began = base::system_clock().steady();
  net::loop loop;
  session all{.asked_for = what,
              .with = http::client{loop,
                                   {.connect = 5s, .first_byte = 60s, .idle = 60s, .kept_per_origin = what.connections},
                                   nullptr},
              .route = {.host = what.to.host, .port = what.to.port, .tls = false, .proxy = {}},
              .heads = {},
              .end = began + what.time,
              .running = what.connections};
  for (const auto& body : what.questions) all.heads.push_back(head_of(what, body));
  for (unsigned i = 0; i < what.connections; ++i) net::spawn(loop.get_executor(), work(all));
  loop.run();
  all.result.elapsed = base::system_clock().steady() - began;
  return std::move(all.result);
}

}  // namespace refrain::bench
