#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace refrain::mock {

/// Who speaks where a clip has sound.
enum class speech_source : std::uint8_t {
  automatic,  ///< espeak-ng where it is installed, else a tone
  tone,       ///< a tone whose length follows the text: the same on every machine
};

/// How the fake provider behaves where a request's own x-mock-* headers (behaviour.h) do not say otherwise.
struct options {
  /// Address and port, IPv6 in brackets. Port 0 takes a free one.
  std::string listen = "127.0.0.1:0";
  /// Threads that serve; each connection stays in order whatever their number.
  unsigned threads = 1;
  /// With the number of a call it decides every chance below, so a run can be repeated.
  std::uint64_t seed = 1;

  /// Time from the end of the request to the first byte of the answer.
  std::chrono::milliseconds latency{0};
  /// Time between two chunks of a stream.
  std::chrono::milliseconds gap{0};
  /// Tokens (about a word each) in a chunk of a stream; at least 1.
  std::size_t tokens_per_chunk = 1;
  /// Bytes of an answer's text, about; the proof is there whatever the number.
  std::size_t text_bytes = 240;
  /// Who speaks.
  speech_source speech = speech_source::automatic;

  /// Share of calls, 0 to 1, answered with `error_status`.
  double error_rate = 0;
  /// HTTP status of those errors, 400 to 599.
  unsigned error_status = 500;
  /// Share of calls, 0 to 1, whose connection is closed within the body.
  double truncate_rate = 0;
  /// Share of calls, 0 to 1, that fall silent within the body while the connection stays open.
  double stall_rate = 0;
  /// Share of calls, 0 to 1, whose connection is reset (TCP RST) before, after or within the head or body.
  double reset_rate = 0;

  /// PEM files of a certificate chain and its key. Both given: HTTPS; both empty: HTTP.
  std::string tls_certificate{};
  std::string tls_key{};
  /// Where not empty, calls that do not show this key are answered with 401.
  std::string require_key{};
};

}  // namespace refrain::mock
