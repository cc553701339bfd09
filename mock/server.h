#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "mock/options.h"

namespace refrain::mock {

/// What a server has counted since its start or the last reset.
struct tally {
  std::uint64_t calls = 0;
  /// Without the query; beyond 1,000 paths the rest is under "(other)".
  std::map<std::string, std::uint64_t> by_path{};
  std::uint64_t in_flight = 0;    ///< calls being answered now
  std::uint64_t abandoned = 0;    ///< calls whose client left before the answer was whole
  std::uint64_t connections = 0;  ///< accepted
  std::uint64_t bytes_out = 0;    ///< heads, bodies and framing, before TLS; /__mock/ included
};

/// A fake LLM and speech provider on a real socket, to develop and test against. It speaks as OpenAI, Anthropic,
/// Gemini, Ollama, ElevenLabs, Sarvam, Deepgram and Cartesia do (<provider>.cc; speech.h makes the sound), sends bodies
/// back (POST /echo, any method on /anything/...) and WebSocket messages too (websocket.h), makes bytes (GET
/// /bytes/<N>), shows the proof of each request in its answer (proof.h), and misbehaves as its options and the
/// request's x-mock-* headers ask (behaviour.h). /__mock/calls, /__mock/last-request and POST /__mock/reset are for the
/// tests.
///
/// It shares no code with the gateway but `base`, so that a fault of one cannot hide in the other.
class server {
 public:
  explicit server(options how);
  /// Stops.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Listens and serves on threads of its own; returns the bound port. Errors: a bad address (bad_config), a port in
  /// use (port_in_use), unreadable certificate files (bad_config). Once only.
  [[nodiscard]] base::result<std::uint16_t> start();
  /// Closes every connection as it stands and joins the threads. Safe to call again.
  void stop();

  /// What has been counted. Any thread, also after `stop`.
  [[nodiscard]] tally counters() const;

 private:
  class machine;
  std::unique_ptr<machine> machine_;
};

}  // namespace refrain::mock
