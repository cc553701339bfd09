#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/head.h"

namespace refrain::http {

/// Finds the content of a message in the bytes after its head (RFC 9112, sections 6 and 7). A machine without a socket:
/// the caller feeds what has arrived and keeps what was not consumed.
class body_decoder {
 public:
  body_decoder() = default;
  explicit body_decoder(const message_head& head) : body_(head.body), left_(head.length) {
    done_ = body_ == framing::none || (body_ == framing::length && left_ == 0);
  }

  struct step {
    std::size_t consumed = 0;  ///< bytes taken from the front of the input
    std::string_view content;  ///< content among them: a view of the input
  };

  /// Takes as much as gives one run of content, or all of the input that is framing. A step that consumes nothing and
  /// is not done wants more input. Chunk extensions and trailers are dropped. Fails with ambiguous_framing.
  [[nodiscard]] base::result<step> feed(std::string_view input);

  /// The sender has ended its stream: an error unless that is how this body ends.
  [[nodiscard]] base::result<void> end_of_stream();

  [[nodiscard]] bool done() const noexcept { return done_; }

 private:
  enum class part : std::uint8_t { size_line, content, content_end, trailer };

  [[nodiscard]] base::result<step> feed_chunked(std::string_view input);
  [[nodiscard]] base::result<void> read_size(std::string_view line);

  framing body_ = framing::none;
  std::uint64_t left_ = 0;  ///< of the length, or of the chunk
  part at_ = part::size_line;
  std::uint32_t trailer_bytes_ = 0;
  bool done_ = true;
};

/// The line before a chunk of that many bytes.
[[nodiscard]] std::string chunk_line(std::size_t size);

}  // namespace refrain::http
