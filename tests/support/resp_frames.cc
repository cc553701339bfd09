#include "support/resp_frames.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace refrain::tests {
namespace {

constexpr std::string_view line_end = "\r\n";

/// The number after a header's first byte; -1 where there is none, as in the nulls of RESP2.
std::int64_t number_in(std::string_view header) {
  std::int64_t number = -1;
  std::from_chars(header.data() + 1, header.data() + header.size(), number);
  return number;
}

}  // namespace

/// Goes on by one value, an aggregate's header counting as one. False where it has not all come.
bool resp_frames::pass_value() {
  const auto end = buffer_.find(line_end, at_);
  if (end == std::string::npos) return false;
  const auto header = std::string_view{buffer_}.substr(at_, end - at_);
  const auto after = end + line_end.size();
  const auto type = header.empty() ? '+' : header.front();
  const auto count = type == '+' || type == '-' ? -1 : number_in(header);
  const auto inside = static_cast<std::size_t>(std::max<std::int64_t>(count, 0));

  const bool is_string = type == '$' || type == '=' || type == '!';
  const auto string = is_string && count >= 0 ? inside + line_end.size() : 0;
  if (buffer_.size() < after + string) return false;
  at_ = after + string;
  switch (type) {
    case '*':
    case '~':
    case '>': missing_ += inside; break;
    case '%': missing_ += 2 * inside; break;
    case '|': missing_ += 2 * inside + 1; break;  // the value that it is an attribute of follows
    default: break;
  }
  --missing_;
  return true;
}

std::optional<std::string> resp_frames::next() {
  while (missing_ > 0) {
    if (!pass_value()) return std::nullopt;
  }
  std::string whole = buffer_.substr(0, at_);
  buffer_.erase(0, at_);
  at_ = 0;
  missing_ = 1;
  return whole;
}

std::string command_name(std::string_view frame) {
  if (!frame.starts_with('*')) return "";
  const auto length = frame.find('$');
  const auto begin = frame.find(line_end, length);
  if (begin == std::string_view::npos) return "";
  const auto size = std::max<std::int64_t>(number_in(frame.substr(length, begin - length)), 0);
  std::string name{frame.substr(begin + line_end.size(), static_cast<std::size_t>(size))};
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

}  // namespace refrain::tests
