#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace refrain::tests {

/// Tells where values begin and end in a stream of RESP2 or RESP3, and leaves their bytes as they are
/// (https://redis.io/docs/latest/develop/reference/protocol-spec/). Commands are values too. It trusts its peer, which
/// is a real server or the client under test, and shares no code with the latter.
class resp_frames {
 public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /// The bytes of the next value, an attribute in front of it included; nothing where they have not all come.
  [[nodiscard]] std::optional<std::string> next();

 private:
  [[nodiscard]] bool pass_value();

  std::string buffer_;       ///< begins with the value under way
  std::size_t at_ = 0;       ///< what of it is known to be whole
  std::size_t missing_ = 1;  ///< values, nested ones included
};

/// The name of a command, in upper case; empty where the value is no command.
[[nodiscard]] std::string command_name(std::string_view frame);

}  // namespace refrain::tests
