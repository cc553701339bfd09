#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "entry/codec.h"

namespace refrain::entry {

constexpr std::int64_t latest_time = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t longest_ttl = 3'155'760'000;    // a hundred years

constexpr std::int64_t seconds_in(base::sys_seconds time) noexcept { return time.time_since_epoch().count(); }
constexpr std::int64_t seconds_in(std::chrono::seconds time) noexcept { return time.count(); }

template <class Walk, class Time>
void walk_seconds(Walk& walk, std::string_view name, Time& value, std::int64_t most) {
  auto seconds = seconds_in(value);
  walk.number(name, seconds, std::int64_t{0}, most);
  if constexpr (!std::is_const_v<Time>) value = Time{std::chrono::seconds{seconds}};
}

/// The members of a meta in the order in which they are written: the one table of them. `walk` writes or reads each, as
/// it knows how, and for that a reader is given a meta that is not const.
template <class Walk, class Meta>
void walk_members(Walk& walk, Meta& about) {
  int version = format_version;
  walk.number("version", version, format_version, format_version);
  walk.word("type", about.id.type, cache_type_from);
  walk.digest("digest", about.id.digest);
  walk.digest("tenant", about.id.tenant);
  walk.text("place", about.id.group);
  walk.text("suffix", about.id.suffix);
  walk_seconds(walk, "stored_at", about.stored_at, latest_time);
  walk_seconds(walk, "ttl", about.ttl, longest_ttl);
  walk.number("purge_number", about.purge_number);
  walk.text("fill", about.fill);
  walk.text("upstream", about.upstream);
  walk.text("endpoint", about.endpoint);
  walk.text("model", about.model);
  walk.text("level", about.level);
  walk.text("tenant_label", about.tenant_label);
  walk.text("namespace", about.name_space);
  walk.each("tags", about.tags, [](auto& element, auto& tag) { return element.text(tag); });
  walk.text("query", about.query);
  walk.word("form", about.form, wire_form_from);
  walk.flag("usage_asked", about.usage_asked);
  walk.text("content_type", about.content_type);
  walk.each("headers", about.headers, [](auto& element, auto& one) { return element.pair(one.first, one.second); });
  walk.each("marks", about.marks, [](auto& element, auto& one) {
    return element.object([&](auto& members) {
      members.word("kind", one.what, mark_kind_from);
      members.number("offset", one.offset);
      members.number("length", one.length);
    });
  });
  walk.object("usage", [&](auto& members) {
    members.number("input", about.usage.input);
    members.number("cached_input", about.usage.cached_input);
    members.number("output", about.usage.output);
    members.number("characters", about.usage.characters);
  });
  walk.digests("fields", about.fields);
  walk.number("size", about.size);
  auto cost = about.cost ? std::optional{about.cost->value} : std::nullopt;
  walk.number("cost_micro_usd", cost);
  if constexpr (!std::is_const_v<Meta>) about.cost = cost ? std::optional{micro_usd{*cost}} : std::nullopt;
  walk.object_if_any("similar", about.similar, [](auto& members, auto& record) {
    members.digest("partition", record.partition);
    members.digest("contributor", record.contributor);
    members.number("encoder", record.encoder);
    members.text("text", record.text);
    members.text("vector", record.vector);
  });
}

/// Calls `visit` with each text of a meta.
template <class Meta, class F>
void each_text(Meta& about, F visit) {
  for (auto* const one :
       {&about.id.group, &about.id.suffix, &about.fill, &about.upstream, &about.endpoint, &about.model, &about.level,
        &about.tenant_label, &about.name_space, &about.query, &about.content_type}) {
    visit(*one);
  }
  for (auto& tag : about.tags) visit(tag);
  for (auto& [name, value] : about.headers) {
    visit(name);
    visit(value);
  }
  for (auto& field : about.fields) visit(field.name);
  if (about.similar) {
    visit(about.similar->text);
    visit(about.similar->vector);
  }
}

/// Whether all marks lie within the body.
inline bool marks_fit(const meta& about) noexcept {
  return std::ranges::all_of(about.marks, [size = about.size](const mark& one) {
    return one.offset <= size && one.length <= size - one.offset;
  });
}

/// Reads a meta that stands exactly as `encode` writes it: its members in that order, no white space, no others. Every
/// hit from a shared store reads one, and this costs less than reading JSON in general. Fails with store_corrupt, and
/// the member that is missing or wrong, where it stands in any other way, however right that may be: then `into`, which
/// must be a fresh one, holds a part of it.
[[nodiscard]] base::result<void> decode_straight(std::string_view json, meta& into);

}  // namespace refrain::entry
