#include "entry/entry.h"

#include <algorithm>
#include <array>
#include <span>

#include "entry/meta_members.h"

namespace refrain::entry {
namespace {

constexpr std::array<std::string_view, cache_type_count> type_names{"llm", "embedding", "tts", "stt", "image", "text"};
constexpr std::array<std::string_view, 5> form_names{"plain", "stream", "array", "timed", "timed_stream"};

/// The value whose name stands in this place.
template <class Enum>
std::optional<Enum> named(std::span<const std::string_view> names, std::string_view text) noexcept {
  const auto name = std::ranges::find(names, text);
  if (name == names.end()) return std::nullopt;
  return static_cast<Enum>(name - names.begin());
}

/// What a text holds outside its own object; short ones live inside it.
std::uint64_t outside(const std::string& text) noexcept {
  static const std::size_t inline_capacity = std::string{}.capacity();
  return text.capacity() > inline_capacity ? text.capacity() + 1 : 0;
}

template <class T>
std::uint64_t outside(const std::vector<T>& list) noexcept {
  return list.capacity() * sizeof(T);
}

std::uint64_t outside(const meta& about) noexcept {
  std::uint64_t sum = outside(about.tags) + outside(about.headers) + outside(about.marks) + outside(about.fields);
  each_text(about, [&sum](const std::string& text) { sum += outside(text); });
  return sum;
}

}  // namespace

std::string_view to_string(cache_type type) noexcept { return type_names[static_cast<std::size_t>(type)]; }

std::optional<cache_type> cache_type_from(std::string_view text) noexcept {
  return named<cache_type>(type_names, text);
}

std::string_view to_string(wire_form form) noexcept { return form_names[static_cast<std::size_t>(form)]; }

std::optional<wire_form> wire_form_from(std::string_view text) noexcept { return named<wire_form>(form_names, text); }

std::string storage_name(const entry_id& id) {
  std::string name{to_string(id.type)};
  const std::string_view group = id.type == cache_type::llm && id.group.empty() ? "exact" : std::string_view{id.group};
  if (!group.empty()) name.append(":").append(group);
  name.append(":").append(id.digest.hex());
  if (!id.suffix.empty()) name.append(":").append(id.suffix);
  return name;
}

std::string entry::whole_body() const {
  std::string bytes;
  bytes.reserve(about.size);
  for (const auto& piece : body) bytes.append(piece.view());
  return bytes;
}

std::uint64_t entry::memory() const noexcept {
  // A string of its own for each run of bytes, and the counts that its readers share.
  constexpr std::uint64_t run_overhead = sizeof(std::string) + 2 * sizeof(void*);
  std::uint64_t sum = sizeof(entry) + outside(about) + outside(body);
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool counted = i > 0 && body[i].shares_with(body[i - 1]);
    if (!counted) sum += body[i].held() + run_overhead;
  }
  return sum;
}

}  // namespace refrain::entry
