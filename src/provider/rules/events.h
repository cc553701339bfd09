#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/sse.h"
#include "base/text.h"
#include "provider/json/json_tree.h"

namespace refrain::provider {

/// Whether an event says nothing: an empty `data:`, by which servers keep a connection open.
[[nodiscard]] inline bool is_heartbeat(const base::sse_event& event) noexcept { return base::trim(event.data).empty(); }

/// Gives each event of a recorded stream that says something to `take`, in order, for as long as it returns true;
/// `[DONE]` ends them. Whether it always did.
template <class Take>
[[nodiscard]] bool all_events(std::string_view stream, Take take) {
  base::sse_parser parser{base::byte_count{stream.size()}};
  parser.feed(stream);
  parser.finish();
  while (const auto event = parser.next()) {
    if (event->data == "[DONE]") return true;
    if (is_heartbeat(*event)) continue;
    if (!take(*event)) return false;
  }
  return true;
}

/// The same with what each event holds; false where that is no JSON.
template <class Take>
[[nodiscard]] bool all_event_trees(std::string_view stream, Take take) {
  return all_events(stream, [&](const base::sse_event& event) {
    auto tree = json_tree::parse(event.data);
    return tree && take(*std::move(tree));
  });
}

/// Appends an event. `type`: its `event` field, where it has one.
inline void append_event(std::string& out, const json_tree& data, std::string_view type = {}) {
  if (!type.empty()) out.append("event: ").append(type).push_back('\n');
  out.append("data: ");
  data.write(out);
  out.append("\n\n");
}

}  // namespace refrain::provider
