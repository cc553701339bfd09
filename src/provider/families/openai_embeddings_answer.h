#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "provider/rules/answer_judge.h"

namespace refrain::provider {

/// Judges an answer: a list of vectors, none of them empty.
[[nodiscard]] std::unique_ptr<answer_judge> judge_openai_embeddings();

/// An answer's vectors one by one, each as an answer of its own without index and usage: every other member is kept to
/// the letter. Fails with upstream_protocol where there are not `count` of them, in order of their index.
[[nodiscard]] base::result<std::vector<std::string>> split_openai_embeddings(std::string_view answer,
                                                                             std::size_t count);

/// Such answers together as one, in order, with the tokens that all of them took where that is known. `base64`: the
/// floats as bytes rather than as numbers. Fails with not_found where one of them cannot be spelt so.
[[nodiscard]] base::result<std::string> join_openai_embeddings(std::span<const std::string_view> items,
                                                               const entry::token_usage& used, bool base64);

}  // namespace refrain::provider
