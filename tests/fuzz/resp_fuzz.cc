// A server's bytes that mean nothing: reading never crashes, and what is read does not depend on how they are cut.

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "redis/resp.h"

namespace {

struct outcome {
  std::vector<refrain::redis::reply> replies;
  bool fault = false;

  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome read_by_steps(std::string_view bytes, std::size_t step) {
  refrain::redis::resp_reader reader{{.bytes = 1 << 20, .items = 1 << 16, .depth = 8}};
  outcome all;
  for (std::size_t at = 0; at < bytes.size() && !all.fault; at += step) {
    reader.feed(bytes.substr(at, step));
    while (true) {
      auto one = reader.next();
      all.fault = !one;
      if (!one || !*one) break;
      all.replies.push_back(**std::move(one));
    }
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  const auto at_once = read_by_steps(input, size + 1);
  if (read_by_steps(input, 1) != at_once || read_by_steps(input, 5) != at_once) std::abort();
  return 0;
}
