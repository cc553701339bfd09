#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::mock {

/// A text that a proof and its other arguments decide: "proof:<proof>", the number of the choice beyond the first, a
/// bit of what was asked, then plain sentences up to about `bytes`. The proof is whole whatever `bytes` says. UTF-8
/// stays whole if `asked` is UTF-8.
[[nodiscard]] std::string answer_text(std::string_view proof, std::string_view asked, std::size_t bytes,
                                      std::size_t choice);

/// What a model with reasoning would think before that answer.
[[nodiscard]] std::string reasoning_text(std::string_view proof, std::string_view asked);

/// A text cut as models cut theirs: a word with the blank before it, punctuation apart, long words in parts. The proof
/// is one token. The tokens joined are the text.
[[nodiscard]] std::vector<std::string> tokens_of(std::string_view text);

/// The tokens joined again.
[[nodiscard]] std::string joined(const std::vector<std::string>& tokens);

/// The tokens in groups of `size`, as a stream hands them out; and each group joined.
[[nodiscard]] std::vector<std::vector<std::string>> groups_of(const std::vector<std::string>& tokens, std::size_t size);
[[nodiscard]] std::vector<std::string> pieces_of(const std::vector<std::string>& tokens, std::size_t size);

/// About how many tokens a provider would count for a text: one for four bytes begun.
[[nodiscard]] std::size_t token_estimate(std::string_view text);

}  // namespace refrain::mock
