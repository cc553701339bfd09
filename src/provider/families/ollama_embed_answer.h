#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "provider/rules/answer_judge.h"

namespace refrain::provider {

/// Judges an answer: a list of vectors (`embeddings`), or one (`embedding`), none of them empty.
[[nodiscard]] std::unique_ptr<answer_judge> judge_ollama_embeddings();

/// The vectors of an answer of `/api/embed` one by one, each as an answer of its own without its count of tokens. Fails
/// with upstream_protocol where there are not `count` of them; nothing in them tells their order.
[[nodiscard]] base::result<std::vector<std::string>> split_ollama_embeddings(std::string_view answer,
                                                                             std::size_t count);

/// Such answers together as one, in order, with the tokens that all of them took where that is known. The times are
/// those of the first.
[[nodiscard]] base::result<std::string> join_ollama_embeddings(std::span<const std::string_view> items,
                                                               const entry::token_usage& used);

}  // namespace refrain::provider
