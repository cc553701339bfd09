#pragma once

#include <algorithm>
#include <memory>
#include <string_view>

#include "provider/rules/answer_judge.h"
#include "provider/wire.h"

namespace refrain::provider {

/// Reads lines that each hold a JSON object; empty ones say nothing. Only the framing tells where they end, unless the
/// judge knows a last one: a line that breaks off makes the answer truncated, an answer that ends between two lines is
/// for the judge. A line larger than 16 MiB makes it too large; from there on nothing is looked at and every byte
/// counts as whole.
[[nodiscard]] std::unique_ptr<answer_reader> read_json_lines(std::unique_ptr<answer_judge> judge);

/// Gives each line of a text that is not empty to `take`, in order, for as long as it returns true. Whether it always
/// did.
template <class Take>
[[nodiscard]] bool all_lines(std::string_view text, Take take) {
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && !take(line)) return false;
  }
  return true;
}

}  // namespace refrain::provider
