#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "provider/rules/answer_judge.h"

namespace refrain::provider {

/// Judges an answer: one vector (`embedding`) or a list of them (`embeddings`), none of them empty.
[[nodiscard]] std::unique_ptr<answer_judge> judge_gemini_embeddings();

/// An answer's vectors one by one, each as the answer to `embedContent` that it would have been, less its usage. Fails
/// with upstream_protocol where there are not `count` of them; nothing in them tells their order.
[[nodiscard]] base::result<std::vector<std::string>> split_gemini_embeddings(std::string_view answer,
                                                                             std::size_t count);

/// Such answers as one: the only one, or a list where `batch`; with the tokens that all of them took where that is
/// known.
[[nodiscard]] base::result<std::string> join_gemini_embeddings(std::span<const std::string_view> items,
                                                               const entry::token_usage& used, bool batch);

}  // namespace refrain::provider
