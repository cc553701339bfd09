#include "http/body.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace refrain::http {
namespace {

using base::errc;
using base::fail;

constexpr std::size_t longest_line = 4096;
constexpr std::uint32_t longest_trailer = 16 << 10;

base::error bad_chunk(std::string_view what) {
  return {.code = errc::ambiguous_framing, .context = fmt::format("the chunked body is not acceptable: {}", what)};
}

/// The line at the front, without its CRLF, and the bytes that it takes; 0 while incomplete.
struct line {
  std::string_view text;
  std::size_t size = 0;
};

base::result<line> first_line(std::string_view input) {
  const auto end = input.find('\n');
  // Whatever part of it has arrived: the bound must not depend on how the input was cut.
  if (std::min(end, input.size()) > longest_line) return fail(bad_chunk("a line without end"));
  if (end == std::string_view::npos) return line{};
  if (end == 0 || input[end - 1] != '\r') return fail(bad_chunk("a bare line feed"));
  const auto text = input.substr(0, end - 1);
  if (text.contains('\r')) return fail(bad_chunk("a bare carriage return"));
  return line{text, end + 1};
}

}  // namespace

base::result<body_decoder::step> body_decoder::feed(std::string_view input) {
  if (done_) return step{};
  switch (body_) {
    case framing::none: return step{};
    case framing::until_close: return step{input.size(), input};
    case framing::length: {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
      left_ -= size;
      done_ = left_ == 0;
      return step{size, input.substr(0, size)};
    }
    case framing::chunked: return feed_chunked(input);
  }
  return step{};
}

base::result<body_decoder::step> body_decoder::feed_chunked(std::string_view input) {
  std::size_t consumed = 0;
  while (!done_) {
    const auto rest = input.substr(consumed);
    if (at_ == part::content) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size()));
      if (size == 0) break;
      left_ -= size;
      if (left_ == 0) at_ = part::content_end;
      return step{consumed + size, rest.substr(0, size)};
    }
    // Checked before the line is whole: a sender of anything else may never send a line feed.
    if (at_ == part::content_end && !std::string_view{"\r\n"}.starts_with(rest.substr(0, 2))) {
      return fail(bad_chunk("a chunk longer than it says"));
    }
    const auto found = first_line(rest);
    if (!found) return fail(found.error());
    if (found->size == 0) break;
    consumed += found->size;
    if (at_ == part::content_end) {
      at_ = part::size_line;
    } else if (at_ == part::size_line) {
      if (const auto read = read_size(found->text); !read) return fail(read.error());
    } else {
      trailer_bytes_ += static_cast<std::uint32_t>(found->size);
      if (trailer_bytes_ > longest_trailer) return fail(bad_chunk("trailers over 16 KiB"));
      done_ = found->text.empty();
    }
  }
  return step{consumed, {}};
}

base::result<void> body_decoder::read_size(std::string_view line) {
  const auto extension = line.find(';');
  auto digits = line.substr(0, extension);
  // Blanks may stand before an extension and nowhere else (RFC 9112, section 7.1.1).
  while (extension != std::string_view::npos && (digits.ends_with(' ') || digits.ends_with('\t'))) {
    digits.remove_suffix(1);
  }
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  constexpr std::size_t digits_of_any_real_size = 15;
  if (fault != std::errc{} || end != digits.data() + digits.size() || digits.size() > digits_of_any_real_size) {
    return fail(bad_chunk("a chunk size that is no hexadecimal number"));
  }
  at_ = left_ == 0 ? part::trailer : part::content;
  return {};
}

base::result<void> body_decoder::end_of_stream() {
  if (done_) return {};
  if (body_ == framing::until_close) {
    done_ = true;
    return {};
  }
  return fail(errc::closed, "the connection ended before the message did", true);
}

std::string chunk_line(std::size_t size) { return fmt::format("{:x}\r\n", size); }

}  // namespace refrain::http
