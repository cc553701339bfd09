#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "mock/openai.h"
#include "mock/renderer.h"
#include "mock/routes.h"

/// Answers that no provider's dialect shapes, for tests of what passes through.
namespace refrain::mock {
namespace {

using openai::api;

constexpr std::size_t piece_size = std::size_t{16} << 10U;
constexpr std::size_t most_bytes = std::size_t{256} << 20U;
constexpr std::size_t period = 251;  // prime, so that a slip by any power of two shows

std::string piece_at(std::size_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(offset++ % period);
  return bytes;
}

/// GET /bytes/<N>: N bytes, at most 256 MiB, of which the one at offset i is i mod 251. With Content-Length, or chunked
/// where the query is `chunked=1`; pieces of 16 KiB. 400: N is no such number.
answer counted_bytes(const call& asked) {
  const auto path = asked.path();
  const auto digits = path.substr(path.rfind('/') + 1);
  const auto count = base::to_integer<std::size_t>(digits).value_or(most_bytes + 1);
  if (count > most_bytes) return renderer(api, asked).refuse("no_count");
  answer reply{.content_type = "application/octet-stream", .chunked = asked.parameter("chunked") == "1"};
  for (std::size_t offset = 0; offset < count; offset += piece_size) {
    reply.pieces.push_back(piece_at(offset, std::min(piece_size, count - offset)));
  }
  return reply;
}

/// Says every message back.
class echo final : public websocket_handler {
 public:
  reaction receive(const message& said) override { return {.messages = {said}}; }
};

std::unique_ptr<websocket_handler> make_echo(const call& /*asked*/) { return std::make_unique<echo>(); }

constexpr route rows[] = {
    socket("*/realtime", api, make_echo),
    socket("*/echo", api, make_echo),
    {"GET", "*/bytes/*", &api, counted_bytes},
    {"POST", "*/echo", &api},
    {"*", "*/anything/*", &api},
    {"*", "*/anything", &api},
};

}  // namespace

constinit const std::span<const route> plain_routes{rows};

}  // namespace refrain::mock
