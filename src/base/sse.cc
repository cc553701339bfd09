#include "base/sse.h"

#include <utility>

namespace refrain::base {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Where the first CR or LF stands; the text's size where there is none.
std::size_t line_end(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '\n' && text[at] != '\r') ++at;
  return at;
}

bool is_field(std::string_view line) noexcept {
  return !line.starts_with(':') && line.find_first_not_of(" \t") != std::string_view::npos;
}

}  // namespace

void sse_parser::feed(std::string_view bytes) { input_ = bytes; }

void sse_parser::finish() { finished_ = true; }

std::optional<sse_event> sse_parser::next() {
  if (std::exchange(event_told_, false)) {
    type_.clear();
    data_.clear();
    has_data_ = false;
  }
  while (!too_large_ && next_line()) {
    if (std::exchange(first_line_, false) && line_.starts_with(byte_order_mark)) line_.remove_prefix(3);
    if (!line_.empty()) {
      read_field(line_);
    } else if (const auto event = end_block()) {
      return event;
    }
  }
  return std::nullopt;
}

std::uint64_t sse_parser::field_lines() const noexcept {
  return field_lines_ + (!line_told_ && !too_large_ && is_field(partial_) ? 1 : 0);
}

void sse_parser::skip(std::size_t bytes) {
  input_.remove_prefix(bytes);
  position_ += bytes;
  too_large_ = position_ - block_start_ > max_event_.value;
}

/// Finds the next whole line, its end read; false where more bytes are needed.
bool sse_parser::next_line() {
  if (std::exchange(line_told_, false)) partial_.clear();
  if (!std::exchange(held_return_, false)) return complete_line(input_);
  if (input_.empty() && !finished_) {
    held_return_ = true;
    return false;
  }
  if (input_.starts_with('\n')) skip(1);
  line_ = partial_;
  line_told_ = true;
  return !too_large_;
}

bool sse_parser::complete_line(std::string_view rest) {
  const std::size_t end = line_end(rest);
  const bool whole = end + 1 < rest.size() || (end < rest.size() && rest[end] == '\n');
  if (!whole) {
    partial_.append(rest.substr(0, end));
    held_return_ = end < rest.size();
    skip(rest.size());
    return held_return_ && finished_ && next_line();
  }
  line_ = rest.substr(0, end);
  if (!partial_.empty()) {
    line_ = partial_.append(line_);
    line_told_ = true;
  }
  skip(rest.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  return !too_large_;
}

std::optional<sse_event> sse_parser::end_block() {
  const std::uint64_t start = std::exchange(block_start_, position_);
  const auto aside = std::exchange(aside_lines_, 0);
  if (!has_data_) {
    field_lines_ -= aside;
    type_.clear();
    return std::nullopt;
  }
  event_told_ = true;
  return sse_event{.offset = start, .length = position_ - start, .type = type_, .data = data_, .id = id_};
}

void sse_parser::read_field(std::string_view line) {
  if (is_field(line)) ++field_lines_;
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);

  if (name == "event" || name == "id" || name == "retry") ++aside_lines_;
  if (name == "data") {
    if (std::exchange(has_data_, true)) data_.push_back('\n');
    data_.append(value);
  } else if (name == "event") {
    type_.assign(value);
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    id_.assign(value);
  }
}

}  // namespace refrain::base
