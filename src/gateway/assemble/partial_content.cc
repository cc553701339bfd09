#include "gateway/assemble/partial_content.h"

#include <fmt/format.h>

#include "http/range.h"

namespace refrain::gateway {
namespace {

using extent = http::byte_range::extent;

/// A part asked for under a condition that no longer holds is answered with the whole (RFC 9110, section 13.1.5).
http::byte_range range_for(const http::request_head& asked, std::string_view tag, std::uint64_t size) {
  const auto range = asked.find("range");
  const auto condition = asked.find("if-range");
  if (!range || (condition && !http::names_tag(*condition, tag))) return {};
  return http::choose_range(*range, size);
}

void keep_part(std::vector<std::string_view>& pieces, const http::byte_range& part) {
  auto skip = part.offset;
  auto left = part.size;
  for (auto& piece : pieces) {
    const auto skipped = std::min<std::uint64_t>(skip, piece.size());
    piece = piece.substr(skipped, left);
    skip -= skipped;
    left -= piece.size();
  }
  std::erase_if(pieces, [](std::string_view piece) { return piece.empty(); });
}

}  // namespace

bool is_audio(const ask& request) noexcept {
  return request.where.endpoint->type == entry::cache_type::tts && request.parsed->form == entry::wire_form::plain;
}

void choose_part(reply& made, const http::request_head& asked, std::string_view fill) {
  auto& head = made.head;
  std::uint64_t size = 0;
  for (const auto piece : made.pieces) size += piece.size();
  const auto tag = fmt::format("\"{}\"", fill);
  head.add("ETag", tag);
  head.add("Accept-Ranges", "bytes");

  const auto part = range_for(asked, tag, size);
  if (const auto known = asked.find("if-none-match"); known && http::names_tag(*known, tag)) {
    head.status = 304;
    made.pieces.clear();
  } else if (part.what == extent::part) {
    head.status = 206;
    head.add("Content-Range", fmt::format("bytes {}-{}/{}", part.offset, part.offset + part.size - 1, size));
    keep_part(made.pieces, part);
  } else if (part.what == extent::out_of_reach) {
    head.status = 416;
    head.add("Content-Range", fmt::format("bytes */{}", size));
    made.pieces.clear();
  }
}

}  // namespace refrain::gateway
