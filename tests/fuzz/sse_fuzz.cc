// What a stream's events are does not depend on where its bytes were cut. The first bytes of the input choose the cuts.

#include "base/sse.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace refrain::base;

namespace {

constexpr byte_count max_event{64};

void take(sse_parser& parser, std::vector<std::string>& events) {
  while (const auto event = parser.next()) {
    if (event->length == 0 || event->length > max_event.value) std::abort();
    std::string text = std::to_string(event->offset) + '+' + std::to_string(event->length) + '|';
    events.push_back(text.append(event->type).append(1, '|').append(event->data).append(1, '|').append(event->id));
  }
}

/// The events as texts; pieces of `steps` bytes in turn, all at once where there are none.
std::vector<std::string> read(std::string_view stream, std::string_view steps) {
  std::vector<std::string> events;
  sse_parser parser{max_event};
  for (std::size_t turn = 0; !steps.empty() && !stream.empty(); ++turn) {
    const auto piece = stream.substr(0, static_cast<unsigned char>(steps[turn % steps.size()]) % 8 + 1);
    parser.feed(piece);
    take(parser, events);
    stream.remove_prefix(piece.size());
  }
  parser.feed(stream);
  take(parser, events);
  parser.finish();
  take(parser, events);
  events.push_back(std::to_string(parser.whole()) + (parser.too_large() ? " too large" : ""));
  events.push_back(std::to_string(parser.field_lines()));
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  const auto steps = input.substr(0, 4);
  const auto stream = input.substr(steps.size());
  if (read(stream, steps) != read(stream, {})) std::abort();
  return 0;
}
