#pragma once

#include <boost/json/value.hpp>
#include <string_view>

namespace refrain::mock {

/// A value that a JSON Schema accepts, made of the keywords that tool and response schemas use: type, properties,
/// items, enum, const, anyOf, oneOf, allOf, default, $ref into the same document, minimum, minItems. Types may be in
/// capitals, as Google writes them. Every property is given, required or not. Free strings hold `word`. What the schema
/// does not say becomes an empty object.
[[nodiscard]] boost::json::value sample_of(const boost::json::value& schema, std::string_view word);

}  // namespace refrain::mock
