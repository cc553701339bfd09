#include "mock/plain.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "mock/openai.h"
#include "mock/renderer.h"

namespace refrain::mock::plain {
namespace {

constexpr std::size_t piece_size = std::size_t{16} << 10U;
constexpr std::size_t most_bytes = std::size_t{256} << 20U;
constexpr std::size_t period = 251;  // prime, so that a slip by any power of two shows

std::string piece_at(std::size_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(offset++ % period);
  return bytes;
}

}  // namespace

answer counted_bytes(const call& asked) {
  const auto path = asked.path();
  const auto digits = path.substr(path.rfind('/') + 1);
  const auto count = base::to_integer<std::size_t>(digits).value_or(most_bytes + 1);
  if (count > most_bytes) return renderer(openai::api, asked).refuse("no_count");
  answer reply{.content_type = "application/octet-stream", .chunked = asked.parameter("chunked") == "1"};
  for (std::size_t offset = 0; offset < count; offset += piece_size) {
    reply.pieces.push_back(piece_at(offset, std::min(piece_size, count - offset)));
  }
  return reply;
}

answer echo_head(const call& asked) {
  const auto type = asked.field("Content-Type");
  return {.content_type = type.empty() ? "application/octet-stream" : std::string(type),
          .headers = {{"x-mock-method", asked.method}, {"x-mock-target", asked.target}},
          .chunked = true};
}

}  // namespace refrain::mock::plain
