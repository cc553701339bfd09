#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mock/form.h"

namespace refrain::mock {

/// The proof an answer carries: 16 hex digits that follow from the request's body alone, so that a test can tell from
/// any answer which request it belongs to. A text holds it as "proof:<16 hex digits>".
///
/// The rule, for those who recompute it elsewhere:
///  1. parse the body; drop the top-level members that cannot change an answer: stream, stream_options, user,
///     metadata, safety_identifier, prompt_cache_key, store, service_tier, cache;
///  2. write it without blanks, members sorted by name, strings as UTF-8 with only the necessary escapes, numbers
///     without a fraction as integers, other numbers as the shortest text that reads back the same;
///  3. the first 16 hex digits, lower case, of its SHA-256.
///
/// tests/sdk/python/conftest.py does it in Python, for bodies without fractions. Integers beyond 64 bits are read as
/// floating point here and exactly there. Nothing: `body` is not a JSON object. Pure; any thread.
[[nodiscard]] std::optional<std::string> proof_of(std::string_view body);

/// The same of a body that has been read, with what its endpoint put in or left out. Speech is proved so: see the
/// endpoints for what they change.
[[nodiscard]] std::string proof_of_members(boost::json::object request);
/// The proof of a form: that of the JSON object which maps each field's name to its text, or to the SHA-256 of its
/// bytes as 64 hex digits where it is a file; to a list of these, in their order, where the form has the name more than
/// once.
[[nodiscard]] std::string proof_of(const std::vector<form_field>& form);

/// A vector that the input and the model decide alone: halves, quarters... of whole numbers, floats that any reader
/// spells and reads alike. `input`: text, or whatever the provider embeds.
[[nodiscard]] std::vector<float> embedding_of(const boost::json::value& input, std::string_view model,
                                              std::int64_t dimensions);

}  // namespace refrain::mock
