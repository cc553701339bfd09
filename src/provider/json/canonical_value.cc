#include "provider/json/canonical_value.h"

#include <algorithm>
#include <cstring>

#include "provider/json/decimal.h"

namespace refrain::provider {
namespace {

constexpr std::size_t prefix_size = sizeof(std::uint32_t);

std::uint32_t read_length(std::string_view bytes) noexcept {
  std::uint32_t length = 0;
  for (std::size_t i = prefix_size; i > 0; --i) length = length << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return length;
}

constexpr bool is_bare(json_kind kind) noexcept {
  return kind == json_kind::null || kind == json_kind::no || kind == json_kind::yes;
}

}  // namespace

canonical_value::canonical_value(std::string_view bytes) noexcept : bytes_(bytes) {
  const std::size_t size = is_bare(kind()) ? 1 : 1 + prefix_size + read_length(bytes.substr(1));
  bytes_ = bytes.substr(0, size);
}

std::string_view canonical_value::content() const noexcept {
  return is_bare(kind()) ? std::string_view{} : bytes_.substr(1 + prefix_size);
}

std::optional<std::string_view> canonical_value::string() const noexcept {
  if (!is(json_kind::string)) return std::nullopt;
  return content();
}

std::optional<bool> canonical_value::boolean() const noexcept {
  if (!is(json_kind::yes) && !is(json_kind::no)) return std::nullopt;
  return is(json_kind::yes);
}

std::optional<std::string_view> canonical_value::decimal() const noexcept {
  if (!is(json_kind::number)) return std::nullopt;
  return content();
}

std::optional<std::int64_t> canonical_value::integer() const noexcept {
  if (!is(json_kind::number)) return std::nullopt;
  return decimal_to_integer(content());
}

canonical_elements canonical_value::elements() const noexcept {
  return canonical_elements{is(json_kind::array) ? content() : std::string_view{}};
}

canonical_members canonical_value::members() const noexcept {
  return canonical_members{is(json_kind::object) ? content() : std::string_view{}};
}

std::optional<canonical_value> canonical_value::find(std::string_view name) const noexcept {
  for (auto left = members(); const auto member = left.next();) {
    if (member->name == name) return member->value;
  }
  return std::nullopt;
}

std::string_view canonical_value::text(std::string_view name, std::string_view otherwise) const noexcept {
  const auto member = find(name);
  return member ? member->string().value_or(std::string_view{}) : otherwise;
}

std::optional<canonical_value> canonical_value::given(std::string_view name) const noexcept {
  const auto member = find(name);
  return member && !member->is(json_kind::null) ? member : std::nullopt;
}

bool canonical_value::yes(std::string_view name) const noexcept {
  const auto member = find(name);
  return member && member->is(json_kind::yes);
}

std::optional<std::uint64_t> canonical_value::count(std::string_view name) const noexcept {
  const auto member = find(name);
  const auto count = member ? member->integer() : std::nullopt;
  return count && *count >= 0 ? std::optional{static_cast<std::uint64_t>(*count)} : std::nullopt;
}

bool canonical_value::holds_something() const noexcept { return !content().empty() && !is(json_kind::number); }

bool canonical_value::holds_more_than(std::initializer_list<std::string_view> names) const noexcept {
  for (auto left = members(); const auto member = left.next();) {
    if (member->value.holds_something() && std::ranges::find(names, member->name) == names.end()) return true;
  }
  return false;
}

std::optional<canonical_value> canonical_elements::next() noexcept {
  if (left_.empty()) return std::nullopt;
  const canonical_value value{left_};
  left_.remove_prefix(value.bytes().size());
  return value;
}

std::optional<canonical_member> canonical_members::next() noexcept {
  if (left_.empty()) return std::nullopt;
  const std::size_t length = read_length(left_);
  const std::string_view name = left_.substr(prefix_size, length);
  const canonical_value value{left_.substr(prefix_size + length)};
  left_.remove_prefix(prefix_size + length + value.bytes().size());
  return canonical_member{.name = name, .value = value};
}

}  // namespace refrain::provider
