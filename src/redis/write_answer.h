#pragma once

#include <span>

#include "redis/reply.h"

namespace refrain::redis {

/// What the answers to one write say.
struct write_answer {
  const reply* refusal = nullptr;      ///< what it was refused with; nullptr: it was done
  bool knows_no_transactions = false;  ///< MULTI was refused, and all else was done one after the other
};

/// Reads the answers, in order, to a write; `transaction`: that begins with MULTI and ends with EXEC. What it points at
/// is one of them. Pure.
[[nodiscard]] write_answer read_write_answer(std::span<const reply> said, bool transaction);

}  // namespace refrain::redis
