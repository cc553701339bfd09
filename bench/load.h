#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/url.h"
#include "bench/report.h"

namespace refrain::bench {

/// The load: so many connections, each of which asks, waits for the whole answer, and asks again (a closed loop).
struct load {
  base::url to;                        ///< the API's base URL; chat completions are asked for below it
  std::vector<std::string> questions;  ///< request bodies, asked in turn; at least one
  std::string key;                     ///< shown as a bearer token; empty for none
  bool stream = false;                 ///< answers have to end with the stream's terminator
  unsigned connections = 1;
  std::uint64_t requests = 0;  ///< how many in all; 0: until the time is up
  std::chrono::milliseconds time{0};
};

/// Runs it on the calling thread. A good answer has status 200 and a body that is whole; latency is from the first byte
/// sent to the last received. A gateway that cannot be reached ends the run.
[[nodiscard]] measurement measure(const load& load);

/// Whether a body is whole by its own signs: a stream's terminator, a JSON object's closing brace. `tail`: its end.
[[nodiscard]] bool looks_whole(std::string_view tail, bool stream) noexcept;

}  // namespace refrain::bench
