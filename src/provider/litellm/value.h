#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace refrain::provider {

/// An answer that LiteLLM kept.
struct litellm_answer {
  std::string body;                          ///< one JSON object, as the provider's plain answers are
  std::optional<base::sys_seconds> kept_at;  ///< when LiteLLM wrote it, where it says so
};

/// Reads what LiteLLM writes to Redis: `{"timestamp": ..., "response": ...}`, as JSON (from its asynchronous calls) or
/// as a Python literal (from the others), the response as a text of either, or as it is. Nothing where it is anything
/// else than a chat completion; whether that is whole is the dialect's to judge.
///
/// LiteLLM's object is not the provider's: what it adds goes (null members that no provider sends, members of its own),
/// what it has put aside in `provider_specific_fields` comes back to its place. All else stays to the letter. Pure.
[[nodiscard]] std::optional<litellm_answer> read_litellm_value(std::string_view value);

/// The same for a vector: the answer to a request for it alone. LiteLLM keeps the vector with what it costs, or the
/// whole answer to a call for one. `model` is named where the value does not say whose it is.
[[nodiscard]] std::optional<litellm_answer> read_litellm_embedding(std::string_view value, std::string_view model);

}  // namespace refrain::provider
