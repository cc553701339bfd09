#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace refrain::mock {

/// How the fake provider behaves where a request's own x-mock-* headers (behaviour.h) do not say otherwise. Rates are
/// shares of all calls, 0 to 1.
struct options {
  std::string listen = "127.0.0.1:0";  ///< address and port, IPv6 in brackets; port 0 takes a free one
  unsigned threads = 1;                ///< that serve; each connection stays in order whatever their number
  std::uint64_t seed = 1;  ///< decides, with the number of a call, every chance below: a run can be repeated

  std::chrono::milliseconds latency{0};  ///< from the end of the request to the first byte of the answer
  std::chrono::milliseconds gap{0};      ///< between two chunks of a stream
  std::size_t tokens_per_chunk = 1;      ///< tokens (about a word each) in a chunk of a stream; at least 1
  std::size_t text_bytes = 240;          ///< of an answer's text, about; the proof is there whatever the number

  double error_rate = 0;        ///< answered with `error_status`
  unsigned error_status = 500;  ///< 400 to 599
  double truncate_rate = 0;     ///< whose connection is closed within the body
  double stall_rate = 0;        ///< that fall silent within the body while the connection stays open
  double reset_rate = 0;        ///< whose connection is reset (TCP RST) before, after or within the head or body

  std::string tls_certificate{};  ///< PEM file of the chain; given with the key: HTTPS, both empty: HTTP
  std::string tls_key{};          ///< PEM file
  std::string require_key{};      ///< where not empty, calls that do not show it are answered with 401
};

}  // namespace refrain::mock
