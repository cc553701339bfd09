#include "provider/rules/multipart.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace refrain::provider {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t max_boundary = 70;
/// Many times what any endpoint has: each name has its digest in the entry, so there is a bound.
constexpr std::size_t max_parts = 256;

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_token_character(char c) noexcept {
  return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}

/// RFC 2046's bchars, but for the blank.
bool is_boundary_character(char c) noexcept {
  return is_alphanumeric(c) || std::string_view{"'()+_,-./:=?"}.contains(c);
}

bool take(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string_view take_while(std::string_view& text, bool (*holds)(char)) noexcept {
  const auto end = std::ranges::find_if_not(text, holds);
  const auto taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

void skip_blanks(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

struct parameter {
  std::string_view name;
  std::string_view value;
  bool quoted = false;
};

/// `; name=value` from the front of a header's value.
std::optional<parameter> take_parameter(std::string_view& text) noexcept {
  skip_blanks(text);
  if (!take(text, ";")) return std::nullopt;
  skip_blanks(text);
  parameter found{.name = take_while(text, is_token_character), .value = {}};
  if (found.name.empty() || !take(text, "=")) return std::nullopt;
  found.quoted = take(text, "\"");
  if (!found.quoted) {
    found.value = take_while(text, is_token_character);
    return found;
  }
  const auto end = text.find('"');
  if (end == std::string_view::npos) return std::nullopt;
  found.value = text.substr(0, end);
  text.remove_prefix(end + 1);
  // With a backslash it would depend on the reader where the string ends.
  if (found.value.contains('\\') || std::ranges::any_of(found.value, is_control)) return std::nullopt;
  return found;
}

std::optional<std::string_view> boundary_of(std::string_view content_type) noexcept {
  constexpr std::string_view media_type = "multipart/form-data";
  if (!base::starts_with_ignoring_case(content_type, media_type)) return std::nullopt;
  content_type.remove_prefix(media_type.size());
  const auto only = take_parameter(content_type);
  if (!only || !base::equal_ignoring_case(only->name, "boundary") || !base::trim(content_type).empty()) {
    return std::nullopt;
  }
  const auto& value = only->value;
  const bool fits = !value.empty() && value.size() <= max_boundary && std::ranges::all_of(value, is_boundary_character);
  return fits ? std::optional{value} : std::nullopt;
}

/// `form-data; name="..."; filename="..."`
bool read_disposition(std::string_view value, multipart_part& part) noexcept {
  if (!base::starts_with_ignoring_case(value, "form-data")) return false;
  value.remove_prefix(std::string_view{"form-data"}.size());
  bool has_name = false;
  bool has_plain_file_name = false;
  bool has_extended_file_name = false;
  while (!base::trim(value).empty()) {
    const auto one = take_parameter(value);
    if (!one) return false;
    if (base::equal_ignoring_case(one->name, "name")) {
      if (!one->quoted || one->value.empty() || std::exchange(has_name, true)) return false;
      if (!base::is_utf8(one->value)) return false;
      part.name = one->value;
    } else if (base::equal_ignoring_case(one->name, "filename")) {
      if (!one->quoted || std::exchange(has_plain_file_name, true)) return false;
    } else if (base::equal_ignoring_case(one->name, "filename*")) {
      if (one->quoted || one->value.empty() || std::exchange(has_extended_file_name, true)) return false;
    } else {
      return false;
    }
  }
  part.is_file = has_plain_file_name || has_extended_file_name;
  return has_name;
}

/// Encodings that leave the bytes as they are.
constexpr std::array<std::string_view, 3> identities{"binary", "8bit", "7bit"};

/// The header lines of a part, up to their blank line.
class part_head {
 public:
  /// Takes them from the front of `rest`.
  bool read(std::string_view& rest, multipart_part& part) {
    while (!take(rest, line_end)) {
      const auto end = rest.find(line_end);
      if (end == std::string_view::npos || !read_line(rest.substr(0, end), part)) return false;
      rest.remove_prefix(end + line_end.size());
    }
    return has_disposition_;
  }

  /// Whether a length that the part says is the right one.
  [[nodiscard]] bool agrees_with(std::size_t size) const { return !length_ || *length_ == size; }

 private:
  bool read_line(std::string_view line, multipart_part& part) {
    auto rest = line;
    const auto name = take_while(rest, is_token_character);
    if (name.empty() || !take(rest, ":")) return false;
    const auto value = base::trim(rest);
    if (std::ranges::any_of(value, is_control)) return false;
    if (base::equal_ignoring_case(name, "content-disposition")) {
      return !std::exchange(has_disposition_, true) && read_disposition(value, part);
    }
    if (base::equal_ignoring_case(name, "content-type")) {
      part.type = value;
      return !value.empty() && !std::exchange(has_type_, true);
    }
    if (base::equal_ignoring_case(name, "content-length")) {
      const bool again = length_.has_value();
      length_ = base::to_integer<std::size_t>(value);
      return length_ && !again;
    }
    return base::equal_ignoring_case(name, "content-transfer-encoding") && base::is_among(value, identities);
  }

  std::optional<std::size_t> length_;
  bool has_disposition_ = false;
  bool has_type_ = false;
};

/// Whether a reader that takes a bare line feed for a line end, or the blank line after a head for the one before a
/// boundary, would find a boundary in a content.
bool looks_delimited(std::string_view content, std::string_view delimiter) noexcept {
  return content.starts_with(delimiter.substr(2)) || content.contains(delimiter.substr(1));
}

}  // namespace

std::optional<std::vector<multipart_part>> read_multipart(std::string_view content_type, std::string_view body) {
  const auto boundary = boundary_of(content_type);
  if (!boundary) return std::nullopt;
  const std::string delimiter = "\r\n--" + std::string{*boundary};
  if (!take(body, std::string_view{delimiter}.substr(line_end.size()))) return std::nullopt;

  std::vector<multipart_part> parts;
  while (take(body, line_end)) {
    if (parts.size() == max_parts) return std::nullopt;
    multipart_part part;
    part_head head;
    if (!head.read(body, part)) return std::nullopt;
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos || !head.agrees_with(end)) return std::nullopt;
    part.bytes = body.substr(0, end);
    if (looks_delimited(part.bytes, delimiter)) return std::nullopt;
    body.remove_prefix(end + delimiter.size());
    parts.push_back(part);
  }
  // What follows the last boundary is its two dashes, and no more than a line end.
  if (parts.empty() || !take(body, "--")) return std::nullopt;
  take(body, line_end);
  if (!body.empty()) return std::nullopt;
  return parts;
}

}  // namespace refrain::provider
