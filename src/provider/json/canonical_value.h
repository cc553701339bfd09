#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "entry/uncacheable_reason.h"

namespace refrain::provider {

using entry::uncacheable_reason;

/// The tag that a canonical value begins with.
enum class json_kind : char {
  null = 'n',
  no = 'f',
  yes = 't',
  number = 'd',
  string = 's',
  array = 'a',
  object = 'o',
};

class canonical_elements;
class canonical_members;

/// A JSON value in canonical form, to look at without copying: a view into the bytes that a `canonicaliser` made.
///
/// The form: a tag; for numbers (spelt as decimal.h says), strings (unescaped UTF-8), arrays and objects then the
/// number of bytes that follow, as 4 bytes, least first; then these. An array holds its values, an object its members,
/// sorted by name: length of the name, name, value. Where their order means something and was another, one more member
/// notes it, under a name that no text has. Values are equal exactly where their bytes are.
class canonical_value {
 public:
  /// `bytes` begin with a value; what follows it is not looked at. They must come from a `canonicaliser`.
  explicit canonical_value(std::string_view bytes) noexcept;

  /// Exactly this value's bytes.
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
  [[nodiscard]] json_kind kind() const noexcept { return static_cast<json_kind>(bytes_.front()); }
  [[nodiscard]] bool is(json_kind wanted) const noexcept { return kind() == wanted; }

  /// A string's characters; nothing for any other kind.
  [[nodiscard]] std::optional<std::string_view> string() const noexcept;
  [[nodiscard]] std::optional<bool> boolean() const noexcept;
  /// A number's spelling (decimal.h); nothing for any other kind.
  [[nodiscard]] std::optional<std::string_view> decimal() const noexcept;
  /// A number that is an integer of 64 bits.
  [[nodiscard]] std::optional<std::int64_t> integer() const noexcept;

  /// None for any other kind than array, object.
  [[nodiscard]] canonical_elements elements() const noexcept;
  [[nodiscard]] canonical_members members() const noexcept;

  /// An object's member; nothing where there is none, or this is no object.
  [[nodiscard]] std::optional<canonical_value> find(std::string_view name) const noexcept;
  /// The same, but for a member that is null.
  [[nodiscard]] std::optional<canonical_value> given(std::string_view name) const noexcept;

  /// The characters of a member that is a string, empty of any other kind; `otherwise` where there is none.
  [[nodiscard]] std::string_view text(std::string_view name, std::string_view otherwise = {}) const noexcept;

  /// Whether a member is true.
  [[nodiscard]] bool yes(std::string_view name) const noexcept;

  /// A member that is an integer of at least 0.
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view name) const noexcept;

  /// Whether it is a string, array or object with anything in it.
  [[nodiscard]] bool holds_something() const noexcept;

  /// Whether a member that is none of these holds something.
  [[nodiscard]] bool holds_more_than(std::initializer_list<std::string_view> names) const noexcept;

 private:
  [[nodiscard]] std::string_view content() const noexcept;
  std::string_view bytes_;
};

/// An array's values in order: `for (auto left = v.elements(); const auto one = left.next();)`.
class canonical_elements {
 public:
  explicit canonical_elements(std::string_view left) noexcept : left_(left) {}
  [[nodiscard]] std::optional<canonical_value> next() noexcept;

 private:
  std::string_view left_;
};

struct canonical_member {
  std::string_view name;
  canonical_value value;
};

/// An object's members in the order of their names.
class canonical_members {
 public:
  explicit canonical_members(std::string_view left) noexcept : left_(left) {}
  [[nodiscard]] std::optional<canonical_member> next() noexcept;

 private:
  std::string_view left_;
};

/// The first reason that `judge` finds in one of a list's elements; none where it is no list.
template <class Judge>
[[nodiscard]] uncacheable_reason first_reason(const std::optional<canonical_value>& list, Judge judge) {
  if (!list) return uncacheable_reason::none;
  for (auto left = list->elements(); const auto one = left.next();) {
    if (const auto why = judge(*one); why != uncacheable_reason::none) return why;
  }
  return uncacheable_reason::none;
}

/// Whether `test` holds for one of a list's elements.
template <class Test>
[[nodiscard]] bool any_element(const std::optional<canonical_value>& list, Test test) {
  if (!list) return false;
  for (auto left = list->elements(); const auto one = left.next();) {
    if (test(*one)) return true;
  }
  return false;
}

}  // namespace refrain::provider
