#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "provider/dialect.h"

namespace refrain::provider {

/// Sarvam's audios: `{"request_id", "audios": ["<base64>", ...]}`, one for each text.

/// Reads an answer whose audios all hold something.
[[nodiscard]] std::unique_ptr<answer_reader> read_sarvam_audios();

/// An answer of its own for each audio, with all else that the whole says; the only one is the answer to the letter.
/// Fails with upstream_protocol where there are more or fewer than `count`.
[[nodiscard]] base::result<std::vector<std::string>> split_sarvam_audios(std::string_view answer, std::size_t count);

/// The audios of several answers in one, which says of itself what the first of them does; the only one to the letter.
/// Fails with not_found where one of them cannot be read.
[[nodiscard]] base::result<std::string> join_sarvam_audios(std::span<const std::string_view> answers);

}  // namespace refrain::provider
