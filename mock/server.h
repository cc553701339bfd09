#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "mock/options.h"
#include "mock/tally.h"

namespace refrain::mock {

/// A fake LLM and speech provider on a real socket, to develop and test against. It speaks OpenAI's chat and speech
/// APIs (openai_*.h) and the speech APIs of ElevenLabs, Sarvam, Deepgram and Cartesia (<provider>_*.h; speech.h makes
/// the sound), sends bodies back (POST /echo, any method on /anything/...) and WebSocket messages too (talk.h), makes
/// bytes (GET /bytes/<N>), shows the proof of each request in its answer (proof.h), and misbehaves as its options and
/// the request's x-mock-* headers ask (behaviour.h).
/// /__mock/calls, /__mock/last-request and POST /__mock/reset are for the tests.
///
/// It shares no code with the gateway, so that a fault of one cannot hide in the other.
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
