#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provider/json/canonical_value.h"

namespace refrain::provider {

/// The two ways in which a vector of 32-bit floats stands in JSON: an array of numbers, or their bytes, least first,
/// as a base64 string (OpenAI's `encoding_format`).
enum class vector_form : bool { numbers, base64 };

/// The vector in the form that is wanted, to the letter where it has that form already. Each float is written in the
/// shortest spelling that is read as this float again. Nothing where the text is no vector, or a number is not finite.
[[nodiscard]] std::optional<std::string> to_vector_form(std::string_view json, vector_form wanted);

/// Whether a value in an answer is a vector that can take either form. `empty_answer` where nothing is in it,
/// `malformed_answer` for anything else than finite floats.
[[nodiscard]] uncacheable_reason judge_vector(const canonical_value& vector);

}  // namespace refrain::provider
