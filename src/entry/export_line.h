#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "entry/entry.h"

namespace refrain::entry {

/// Version of the form; docs/formats/export.md tells what it means.
inline constexpr int export_version = 1;

/// An entry that is on its way from one store to another.
struct exported {
  std::string key_id;  ///< of the secret that its digests are made with; empty for none
  entry content;
};

/// The entry as one line of JSON in UTF-8, without the line's end.
[[nodiscard]] std::string to_export_line(const entry& from, std::string_view key_id);

/// Undoes it. Takes any bytes; members that it does not know are ignored. Fails with malformed_request and a context
/// that says what is wrong with the line.
[[nodiscard]] base::result<exported> read_export_line(std::string_view line);

}  // namespace refrain::entry
