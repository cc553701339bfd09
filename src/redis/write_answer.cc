#include "redis/write_answer.h"

#include <algorithm>

namespace refrain::redis {
namespace {

/// An error among the replies, or in what EXEC brought; what EXEC itself says of the others comes last.
const reply* first_error(std::span<const reply> said) {
  for (const auto& one : said) {
    if (one.is(reply_kind::error)) return &one;
    const auto inside = std::ranges::find(one.items, reply_kind::error, &reply::kind);
    if (inside != one.items.end()) return &*inside;
  }
  return nullptr;
}

}  // namespace

write_answer read_write_answer(std::span<const reply> said, bool transaction) {
  if (!transaction || said.size() < 3 || !said.front().is(reply_kind::error)) return {.refusal = first_error(said)};
  const auto* const inside = first_error(said.subspan(1, said.size() - 2));
  return {.refusal = inside, .knows_no_transactions = inside == nullptr};
}

}  // namespace refrain::redis
