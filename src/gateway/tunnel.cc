#include "gateway/tunnel.h"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/counted.h"
#include "gateway/assemble/reply.h"
#include "gateway/sources/request_head.h"

namespace refrain::gateway {
namespace {

using base::errc;
using base::fail;
using namespace net::asio::experimental::awaitable_operators;

constexpr std::string_view websocket = "websocket";

/// How long one side may be silent once the other has ended its stream, and where it broke off.
constexpr std::chrono::milliseconds farewell{10'000};
constexpr std::chrono::milliseconds linger{2'000};

/// Both sides of a tunnel, and how much silence they may keep together.
class two_sides {
 public:
  two_sides(http::exchange& client, http::call& upstream, std::chrono::milliseconds idle)
      : client_(client),
        upstream_(upstream),
        timeout_(idle),
        silence_(client.peer().home().timeouts(), [this] { close(); }) {
    heard();
  }

  void heard() { silence_.arm(timeout_); }
  void half_ended(std::chrono::milliseconds most) {
    timeout_ = std::min(timeout_, most);
    heard();
  }
  void close() noexcept {
    client_.peer().close();
    upstream_.cancel();
  }

 private:
  http::exchange& client_;
  http::call& upstream_;
  std::chrono::milliseconds timeout_;
  net::deadline silence_;
};

/// One direction from its first byte to its last.
template <class From, class To>
net::task<> carry(two_sides& both, From& from, To& to) {
  bool broken = false;
  while (true) {
    const auto piece = co_await from.read_some();
    broken = !piece;
    if (broken || piece->empty()) break;
    both.heard();
    const auto sent = co_await to.write(*piece);
    if (!sent) {
      both.close();
      co_return;
    }
    both.heard();
  }
  // Also where it broke: TLS often ends without its farewell, and what was said before shall arrive.
  co_await to.end_writing();
  both.half_ended(broken ? linger : farewell);
}

net::task<> carry_both(http::exchange& client, http::call& upstream, std::chrono::milliseconds idle) {
  two_sides both{client, upstream, idle};
  auto all = carry(both, client, upstream) && carry(both, upstream, client);
  co_await std::move(all);
  both.close();
}

}  // namespace

bool switches_protocols(const http::response_head& head) noexcept {
  constexpr int switching_protocols = 101;
  return head.status == switching_protocols;
}

net::task<base::result<void>> tunnel(http::exchange& client, const ask& request, parts& shared, http::call& upstream,
                                     const http::response_head& head) {
  if (!http::has_token(head.fields, "upgrade", websocket)) {
    co_return fail(errc::upstream_protocol, "the upstream changes to another protocol than the WebSocket asked for");
  }
  client.peer().unwatch_hangup();
  auto reply = head_of_answer(request, read_answer_head(head), false);
  reply.add("x-refrain-cache", entry::to_string(entry::outcome::bypass));
  reply.add("Upgrade", websocket);
  // Counted before it is shown: whoever has the answer finds it counted.
  const base::counted open{shared.tunnels};
  shared.counts.tunnelled(request.where.to->name);
  const auto sent = co_await client.switch_protocols(reply);
  if (sent) co_await carry_both(client, upstream, request.at->settings.limits.idle);
  co_return base::result<void>{};
}

}  // namespace refrain::gateway
