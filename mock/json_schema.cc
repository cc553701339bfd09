#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "mock/json.h"

namespace refrain::mock {
namespace {

constexpr int deepest = 32;  // a schema may refer to itself

class sampler {
 public:
  sampler(const json::value& root, std::string_view word) : root_(root), word_(word) {}

  [[nodiscard]] json::value sample(const json::value& schema, int depth) const {
    if (depth > deepest) return nullptr;
    if (const auto* target = referred(schema)) return sample(*target, depth + 1);
    if (const auto* fixed = member(schema, "const")) return *fixed;
    if (const auto* usual = member(schema, "default")) return *usual;
    if (const auto* first = first_of(schema, "enum")) return *first;
    for (const auto* choice : {"anyOf", "oneOf", "allOf"}) {
      if (const auto* first = first_of(schema, choice)) return sample(*first, depth + 1);
    }
    return typed(schema, type_of(schema), depth);
  }

 private:
  [[nodiscard]] const json::value* referred(const json::value& schema) const {
    const auto reference = string_member(schema, "$ref");
    return reference.starts_with('#') ? find_in(root_, reference.substr(1)) : nullptr;
  }

  static const json::value* first_of(const json::value& schema, std::string_view name) {
    const auto& list = list_of(member(schema, name));
    return list.empty() ? nullptr : &list.front();
  }

  /// Of several types, the first: `["string", "null"]` is a string.
  static std::string_view type_of(const json::value& schema) {
    const auto* first = first_of(schema, "type");
    if (first != nullptr && first->is_string()) return first->get_string();
    const auto named = string_member(schema, "type");
    return named.empty() && member(schema, "items") != nullptr ? "array" : named;
  }

  [[nodiscard]] json::value typed(const json::value& schema, std::string_view type, int depth) const {
    const auto* least = member(schema, "minimum");
    const auto is = [type](std::string_view name) { return base::equal_ignoring_case(type, name); };
    if (is("string")) return json::value(json::string(word_));
    if (is("integer")) return least != nullptr ? *least : json::value(7);
    if (is("number")) return least != nullptr ? *least : json::value(1.5);
    if (is("boolean")) return true;
    if (is("null")) return nullptr;
    if (is("array")) return items(schema, depth);
    return properties(schema, depth);
  }

  [[nodiscard]] json::value items(const json::value& schema, int depth) const {
    json::array list;
    const auto* each = member(schema, "items");
    if (each == nullptr) return list;
    const auto* least = member(schema, "minItems");
    const auto wanted = least != nullptr && least->is_int64() ? std::clamp<std::int64_t>(least->get_int64(), 1, 16) : 1;
    for (std::int64_t count = 0; count < wanted; ++count) list.push_back(sample(*each, depth + 1));
    return list;
  }

  [[nodiscard]] json::value properties(const json::value& schema, int depth) const {
    json::object object;
    const auto* named = member(schema, "properties");
    if (named == nullptr || !named->is_object()) return object;
    for (const auto& property : named->get_object()) {
      object.emplace(property.key(), sample(property.value(), depth + 1));
    }
    return object;
  }

  const json::value& root_;
  std::string_view word_;
};

}  // namespace

json::value sample_of(const json::value& schema, std::string_view word) {
  return sampler(schema, word).sample(schema, 0);
}

}  // namespace refrain::mock
