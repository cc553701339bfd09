#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string_view>

#include "provider/rules/answer_judge.h"
#include "provider/wire.h"

namespace refrain::provider {

/// How an event stream of JSON objects says that it is whole.
enum class stream_end : std::uint8_t {
  done_event,   ///< with `data: [DONE]`; where it is missing, by its framing, once the judge finds all of it there
  final_event,  ///< with an event that the judge knows; a `[DONE]` may follow, as some servers add it
  framing,      ///< by its framing alone, between two events; the judge looks at what came. A `[DONE]` may follow
};

/// Reads a plain answer that is one JSON text. Whatever the canonical form refuses in it is a malformed answer; one
/// larger than 64 MiB is too large.
[[nodiscard]] std::unique_ptr<answer_reader> read_json_answer(std::unique_ptr<answer_judge> judge);

[[nodiscard]] std::unique_ptr<answer_reader> read_json_answer(judge_function judge);

/// Reads an answer that is one JSON array of what another form has as events; the limit is that of a plain one.
[[nodiscard]] std::unique_ptr<answer_reader> read_json_array(std::unique_ptr<answer_judge> judge);

/// Reads server-sent events that each hold a JSON object; empty ones say nothing. Behind the end a ping may
/// follow, behind `[DONE]` any event that says no error, and not a line that is none. A fault that was seen counts for
/// more than how the stream ended. An event larger than 16 MiB makes it too large; from there on nothing is looked at
/// and every byte counts as whole.
[[nodiscard]] std::unique_ptr<answer_reader> read_event_stream(std::unique_ptr<answer_judge> judge, stream_end end);

/// Larger than this a plain answer is not looked at.
inline constexpr base::byte_count max_plain{std::uint64_t{64} << 20};
inline constexpr base::byte_count any_size{std::numeric_limits<std::uint64_t>::max()};

/// Reads a plain answer as a whole: what is not empty, and not larger than `limit`, is given to `judge`.
[[nodiscard]] std::unique_ptr<answer_reader> read_whole_answer(std::function<verdict(std::string_view body)> judge,
                                                               base::byte_count limit = max_plain);

/// A JSON text's verdict: for those of `read_whole_answer` whose answers are not always JSON.
[[nodiscard]] verdict judge_json_text(std::string_view text, answer_judge& judge);

}  // namespace refrain::provider
