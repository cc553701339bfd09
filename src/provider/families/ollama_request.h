#pragma once

#include <array>

#include "entry/money.h"
#include "provider/json/canonical_value.h"
#include "provider/rules/keyed_members.h"

namespace refrain::provider {

/// Members that every endpoint of Ollama's leaves out of the key.
inline constexpr std::array ollama_denylist{
    unkeyed_member{"keep_alive", "how long the model stays in the server's memory"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
};

inline constexpr std::string_view ollama_json_type = "application/json; charset=utf-8";

/// The tokens that an answer counts.
[[nodiscard]] inline entry::token_usage read_ollama_usage(const canonical_value& answer) {
  return {.input = answer.count("prompt_eval_count"), .cached_input = {}, .output = answer.count("eval_count")};
}

}  // namespace refrain::provider
