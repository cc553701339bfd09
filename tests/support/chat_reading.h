#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::tests {

/// A tool call of an answer.
struct read_call {
  std::string id;
  std::string name;
  std::string arguments;
  friend bool operator==(const read_call&, const read_call&) = default;
};

/// What one choice of an answer comes to.
struct read_choice {
  std::string role;
  std::string content;
  std::string reasoning;
  std::vector<read_call> calls;
  std::string finish;
  friend bool operator==(const read_choice&, const read_choice&) = default;
};

/// A chat answer read the way an SDK reads it, so that both wire forms of one answer compare equal.
struct read_answer {
  std::string id;
  std::int64_t created = 0;
  std::string model;
  std::string fingerprint;
  std::map<std::int64_t, read_choice> choices;
  friend bool operator==(const read_answer&, const read_answer&) = default;
};

/// Reads a plain body or an event stream; throws where it is neither.
[[nodiscard]] read_answer read_chat(std::string_view body);

/// The `data` of each event of a stream.
[[nodiscard]] std::vector<std::string> events_of(std::string_view stream);

/// Whether the body proves that it answers this request and no other (mock/proof.h).
[[nodiscard]] bool proves(std::string_view body, std::string_view request);

}  // namespace refrain::tests
