#include "redis/resp.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace refrain::redis {
namespace {

constexpr std::size_t longest_line = 64ull << 10;
constexpr std::size_t most_reserved = 8;
/// Read bytes are dropped from the buffer once there are this many of them.
constexpr std::size_t compact_at = 64ull << 10;

std::optional<std::int64_t> integer_of(std::string_view text) noexcept {
  if (text.starts_with('+')) text.remove_prefix(1);
  return base::to_integer<std::int64_t>(text);
}

}  // namespace

std::string_view reply::error_class() const noexcept {
  if (kind != reply_kind::error) return {};
  return std::string_view{text}.substr(0, text.find(' '));
}

void resp_reader::feed(std::string_view bytes) {
  if (at_ == buffer_.size() || at_ >= compact_at) {
    buffer_.erase(0, at_);
    scanned_ = scanned_ > at_ ? scanned_ - at_ : 0;
    at_ = 0;
  }
  buffer_.append(bytes);
}

base::result<std::optional<reply>> resp_reader::next() {
  while (fault_.empty() && !done_) {
    if (string_) {
      const std::size_t length = *string_;
      if (buffer_.size() - at_ < length + 2) return std::optional<reply>{};
      if (std::memcmp(buffer_.data() + at_ + length, "\r\n", 2) != 0) {
        refuse("a string that is longer than it said");
        break;
      }
      reply whole{.kind = failing_ ? reply_kind::error : reply_kind::bytes};
      const std::size_t letters = verbatim_ && length >= 4 ? 4 : 0;
      whole.text.assign(buffer_, at_ + letters, length - letters);
      at_ += length + 2;
      string_.reset();
      close_value(std::move(whole));
      continue;
    }
    const auto line = next_line();
    if (!line) break;
    if (!read_value(*line)) break;
  }
  if (!fault_.empty()) return base::fail(base::errc::upstream_protocol, "the server sent " + fault_);
  return std::exchange(done_, std::nullopt);
}

/// The next line without its end; nothing where it has not come, or is too long.
std::optional<std::string_view> resp_reader::next_line() {
  const auto end = buffer_.find("\r\n", std::max(scanned_, at_));
  if (end == std::string::npos) {
    if (buffer_.size() - at_ > longest_line) refuse("a line without end");
    // The carriage return may be there already.
    scanned_ = buffer_.empty() ? 0 : buffer_.size() - 1;
    return std::nullopt;
  }
  const auto line = std::string_view{buffer_}.substr(at_, end - at_);
  at_ = end + 2;
  return line;
}

bool resp_reader::read_value(std::string_view line) {
  if (line.empty()) return refuse("an empty line");
  const char type = line.front();
  line.remove_prefix(1);
  switch (type) {
    case '+': close_value({.kind = reply_kind::status, .text = std::string{line}}); return true;
    case '-': close_value({.kind = reply_kind::error, .text = std::string{line}}); return true;
    case ',':
    case '(': close_value({.kind = reply_kind::number, .text = std::string{line}}); return true;
    case '_':
      if (!line.empty()) return refuse("a null that is something");
      close_value({});
      return true;
    case '#':
      if (line != "t" && line != "f") return refuse("a boolean that is none");
      close_value({.kind = reply_kind::boolean, .integer = line == "t" ? 1 : 0});
      return true;
    case ':': {
      const auto value = integer_of(line);
      if (!value) return refuse("a number that is none");
      close_value({.kind = reply_kind::integer, .integer = *value});
      return true;
    }
    case '$':
    case '=':
    case '!': return read_string(type, line);
    case '*':
    case '~':
    case '%':
    case '>':
    case '|': return open_aggregate(type, line);
    default: return refuse("what is no reply of Redis");
  }
}

bool resp_reader::read_string(char type, std::string_view length) {
  const auto count = integer_of(length);
  if (type == '$' && count == -1) {
    close_value({});
    return true;
  }
  if (!count || *count < 0) return refuse("a string without a length");
  if (std::cmp_greater(*count, limits_.bytes)) return refuse("a string beyond all bounds");
  string_ = static_cast<std::size_t>(*count);
  verbatim_ = type == '=';
  failing_ = type == '!';
  return true;
}

bool resp_reader::open_aggregate(char type, std::string_view length) {
  const auto count = integer_of(length);
  if (type == '*' && count == -1) {
    close_value({});
    return true;
  }
  if (!count || *count < 0) return refuse("a list without a length");
  if (std::cmp_greater(*count, limits_.items)) return refuse("a list beyond all bounds");
  if (open_.size() >= limits_.depth) return refuse("lists nested too deep");
  const bool pairs = type == '%' || type == '|';
  const bool push = type == '>';
  if (push && !open_.empty()) return refuse("a push inside a reply");
  frame fresh{.missing = static_cast<std::size_t>(*count) * (pairs ? 2 : 1), .attribute = type == '|'};
  fresh.value.kind = pairs         ? reply_kind::map
                     : push        ? reply_kind::push
                     : type == '~' ? reply_kind::set
                                   : reply_kind::array;
  // A few bytes may announce a million elements: room for more than these is made as they come.
  fresh.value.items.reserve(std::min(fresh.missing, most_reserved));
  const bool empty = fresh.missing == 0;
  if (!empty) {
    open_.push_back(std::move(fresh));
  } else if (!fresh.attribute) {
    close_value(std::move(fresh.value));
  }
  return true;
}

/// A value is whole: it goes into the aggregate that waits for it, which may be whole by that, and so on.
void resp_reader::close_value(reply whole) {
  while (!open_.empty()) {
    auto& inner = open_.back();
    inner.value.items.push_back(std::move(whole));
    if (--inner.missing > 0) return;
    const bool dropped = inner.attribute;
    whole = std::move(inner.value);
    open_.pop_back();
    if (dropped) return;
  }
  done_ = std::move(whole);
}

bool resp_reader::refuse(std::string_view why) {
  fault_ = why;
  return false;
}

}  // namespace refrain::redis
