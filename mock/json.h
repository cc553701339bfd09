#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace refrain::mock {

namespace json = boost::json;

/// Reads one JSON text, at most 512 levels deep. Nothing: it is not JSON, or not UTF-8.
[[nodiscard]] std::optional<json::value> parse_json(std::string_view text);

/// An object to read members of; none where it is made of null or of a value that is no object. What it is made of
/// outlives it.
class object_view {
 public:
  object_view(const json::value* value) : object_(value == nullptr ? nullptr : value->if_object()) {}
  object_view(const json::value& value) : object_(value.if_object()) {}  // as the readers below take it
  object_view(const json::object& object) : object_(&object) {}
  [[nodiscard]] const json::object* get() const { return object_; }

 private:
  const json::object* object_;
};

/// The member `name` of an object, or null where `from` is no object or has none of that name.
[[nodiscard]] const json::value* member(object_view from, std::string_view name);

/// What a JSON pointer (RFC 6901) leads to, or null where it leads nowhere.
[[nodiscard]] const json::value* find_in(const json::value& from, std::string_view pointer);

/// The elements of a list, or none where it is no list or null.
[[nodiscard]] const json::array& list_of(const json::value* value);

/// The string member `name`, or an empty text.
[[nodiscard]] std::string_view string_member(object_view from, std::string_view name);

/// The member `name` as a number, be it one or the text of one; nothing where it is neither, or not finite.
[[nodiscard]] std::optional<double> number_member(object_view from, std::string_view name);

/// The same as a whole number of at most a million; 0 where it is none.
[[nodiscard]] unsigned count_member(object_view from, std::string_view name);

/// The member `name` where it is a whole number, else `otherwise`.
[[nodiscard]] std::int64_t count_member(object_view from, std::string_view name, std::int64_t otherwise);

/// The member `name` where it is a whole number from 0 on.
[[nodiscard]] std::optional<std::size_t> limit_member(object_view from, std::string_view name);

/// Whether the member `name` is true.
[[nodiscard]] bool is_true(object_view from, std::string_view name);

/// A value that a JSON Schema accepts, made of the keywords that tool and response schemas use: type, properties,
/// items, enum, const, anyOf, oneOf, allOf, default, $ref into the same document, minimum, minItems. Types may be in
/// capitals, as Google writes them. Every property is given, required or not. Free strings hold `word`. What the schema
/// does not say becomes an empty object.
[[nodiscard]] json::value sample_of(const json::value& schema, std::string_view word);

}  // namespace refrain::mock
