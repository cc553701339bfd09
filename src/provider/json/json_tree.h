#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace refrain::provider {

/// A JSON value to be taken apart and put together anew with every scalar kept to the letter: numbers as they are
/// spelt, strings with their escapes, members in their order. (Boost.JSON would write 1.5 as 1.5E0.)
struct json_tree {
  enum class kind : unsigned char { scalar, string, array, object };
  using member = std::pair<std::string, json_tree>;  ///< name as it is spelt, without quotes

  kind type = kind::scalar;
  std::string text = "null";  ///< a scalar's token; a string's spelling without its quotes
  std::vector<json_tree> elements{};
  std::vector<member> members{};

  /// Reads one text: an object or array, nested as deep as max_json_depth at most. Nothing where it is none.
  [[nodiscard]] static std::optional<json_tree> parse(std::string_view json);

  /// Reads the outer `levels` of a text that has been found to be right; what is nested deeper is a scalar, spelt as it
  /// is. For answers whose parts are long and of no interest, such as vectors.
  [[nodiscard]] static std::optional<json_tree> parse_outer(std::string_view json, unsigned levels);

  [[nodiscard]] static json_tree scalar(std::string token) { return {.type = kind::scalar, .text = std::move(token)}; }
  /// `spelling` needs no escapes.
  [[nodiscard]] static json_tree string(std::string spelling) {
    return {.type = kind::string, .text = std::move(spelling)};
  }
  [[nodiscard]] static json_tree array(std::vector<json_tree> elements = {}) {
    return {.type = kind::array, .text = {}, .elements = std::move(elements)};
  }
  [[nodiscard]] static json_tree object(std::vector<member> members = {}) {
    return {.type = kind::object, .text = {}, .elements = {}, .members = std::move(members)};
  }

  [[nodiscard]] bool is(kind wanted) const noexcept { return type == wanted; }
  [[nodiscard]] bool is_null() const noexcept { return type == kind::scalar && text == "null"; }

  /// A number that is an integer of 64 bits, however it is spelt.
  [[nodiscard]] std::optional<std::int64_t> integer() const;

  /// An object's member by its name as it is spelt; nullptr where there is none.
  [[nodiscard]] const json_tree* find(std::string_view name) const noexcept;
  [[nodiscard]] json_tree* find(std::string_view name) noexcept;
  /// The same where the member is of that kind.
  [[nodiscard]] const json_tree* find(std::string_view name, kind wanted) const noexcept;
  [[nodiscard]] json_tree* find(std::string_view name, kind wanted) noexcept;

  /// A member that is such an integer.
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;

  /// The spelling of a member that is a string; empty where there is none.
  [[nodiscard]] std::string_view spelling(std::string_view name) const noexcept;

  /// The member of that name, added as null at the end where there is none.
  [[nodiscard]] json_tree& operator[](std::string_view name);
  void erase(std::string_view name);

  /// Appends it as compact JSON.
  void write(std::string& out) const;
  [[nodiscard]] std::string to_json() const;
};

}  // namespace refrain::provider
