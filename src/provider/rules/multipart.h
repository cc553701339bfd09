#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace refrain::provider {

/// One part of a form. The views are of the body.
struct multipart_part {
  std::string_view name;  ///< of the field, as it is spelt between its quotes
  bool is_file = false;   ///< it has a file name, whatever that is
  std::string_view type;  ///< its Content-Type as it is spelt; empty where it has none
  std::string_view bytes;

  friend bool operator==(const multipart_part&, const multipart_part&) = default;
};

/// Takes a `multipart/form-data` body apart (RFC 7578; RFC 2046, section 5.1.1), in the order of its parts.
///
/// Strict: nothing where two readers might take it differently, or where it is more than clients send. So there is no
/// preamble, epilogue, padding after a boundary or folded header line; lines end in CRLF; a name is quoted UTF-8
/// without backslash or control character; no line of the content begins with the boundary; a part says where it
/// belongs, may say its type, and may say its length if that is right and `Content-Transfer-Encoding` if that changes
/// nothing. There are 256 parts at most.
[[nodiscard]] std::optional<std::vector<multipart_part>> read_multipart(std::string_view content_type,
                                                                        std::string_view body);

}  // namespace refrain::provider
