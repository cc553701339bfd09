#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "entry/codec.h"

namespace refrain::entry {

constexpr std::int64_t latest_time = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t longest_ttl = 3'155'760'000;    // a hundred years

inline bool is_within(const mark& one, std::uint64_t size) noexcept {
  return one.offset <= size && one.length <= size - one.offset;
}

template <class Reader>
void read_mark(Reader& from, meta& into) {
  mark one;
  from.word("kind", one.what, mark_kind_from);
  from.number("offset", one.offset);
  from.number("length", one.length);
  into.marks.push_back(one);
}

template <class Reader>
void read_times(Reader& from, meta& into) {
  std::int64_t stored_at = 0;
  std::int64_t ttl = 0;
  from.number("stored_at", stored_at, std::int64_t{0}, latest_time);
  from.number("ttl", ttl, std::int64_t{0}, longest_ttl);
  into.stored_at = base::sys_seconds{std::chrono::seconds{stored_at}};
  into.ttl = std::chrono::seconds{ttl};
}

template <class Reader>
void read_lists(Reader& from, meta& into) {
  from.each("headers", [&](auto& element) {
    auto& [name, value] = into.headers.emplace_back();
    return element.pair(name, value);
  });
  from.each("marks", [&](auto& element) { return element.object([&](auto& members) { read_mark(members, into); }); });
}

template <class Reader>
void read_tokens(Reader& from, token_usage& into) {
  from.number("input", into.input);
  from.number("cached_input", into.cached_input);
  from.number("output", into.output);
  from.number("characters", into.characters);
}

/// The members of a meta in the order in which `encode` writes them, read by whoever knows how to find one. A reader
/// remembers the first that is missing or wrong.
template <class Reader>
void read_members(Reader& from, meta& into) {
  int version = 0;
  from.number("version", version, format_version, format_version);
  from.word("type", into.id.type, cache_type_from);
  from.digest("digest", into.id.digest);
  from.digest("tenant", into.id.tenant);
  from.text("place", into.id.group);
  from.text("suffix", into.id.suffix);
  read_times(from, into);
  from.number("purge_number", into.purge_number);
  from.text("fill", into.fill);
  from.text("upstream", into.upstream);
  from.text("endpoint", into.endpoint);
  from.text("model", into.model);
  from.text("level", into.level);
  from.text("tenant_label", into.tenant_label);
  from.text("namespace", into.name_space);
  from.each("tags", [&](auto& element) { return element.text(into.tags.emplace_back()); });
  from.text("query", into.query);
  from.word("form", into.form, wire_form_from);
  from.flag("usage_asked", into.usage_asked);
  from.text("content_type", into.content_type);
  read_lists(from, into);
  from.object("usage", [&](auto& members) { read_tokens(members, into.usage); });
  into.fields.reserve(4);
  from.digests("fields", [&](std::string_view name, const base::digest256& value) {
    into.fields.push_back({.name = std::string{name}, .value = value});
  });
  from.number("size", into.size);
  std::optional<std::int64_t> cost;
  from.number("cost_micro_usd", cost);
  if (cost) into.cost = micro_usd{*cost};
  if (!std::ranges::all_of(into.marks, [&](const mark& one) { return is_within(one, into.size); })) from.blame("marks");
}

}  // namespace refrain::entry
