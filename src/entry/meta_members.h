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
void walk_seconds(Walk& at, std::string_view name, Time& of, std::int64_t most) {
  auto seconds = seconds_in(of);
  at.number(name, seconds, std::int64_t{0}, most);
  if constexpr (!std::is_const_v<Time>) of = Time{std::chrono::seconds{seconds}};
}

/// The members of a meta in the order in which they are written: the one table of them. `at` writes or reads each, as
/// it knows how, and for that a reader is given a meta that is not const.
template <class Walk, class Meta>
void walk_members(Walk& at, Meta& of) {
  int version = format_version;
  at.number("version", version, format_version, format_version);
  at.word("type", of.id.type, cache_type_from);
  at.digest("digest", of.id.digest);
  at.digest("tenant", of.id.tenant);
  at.text("place", of.id.group);
  at.text("suffix", of.id.suffix);
  walk_seconds(at, "stored_at", of.stored_at, latest_time);
  walk_seconds(at, "ttl", of.ttl, longest_ttl);
  at.number("purge_number", of.purge_number);
  at.text("fill", of.fill);
  at.text("upstream", of.upstream);
  at.text("endpoint", of.endpoint);
  at.text("model", of.model);
  at.text("level", of.level);
  at.text("tenant_label", of.tenant_label);
  at.text("namespace", of.name_space);
  at.each("tags", of.tags, [](auto& element, auto& tag) { return element.text(tag); });
  at.text("query", of.query);
  at.word("form", of.form, wire_form_from);
  at.flag("usage_asked", of.usage_asked);
  at.text("content_type", of.content_type);
  at.each("headers", of.headers, [](auto& element, auto& one) { return element.pair(one.first, one.second); });
  at.each("marks", of.marks, [](auto& element, auto& one) {
    return element.object([&](auto& members) {
      members.word("kind", one.what, mark_kind_from);
      members.number("offset", one.offset);
      members.number("length", one.length);
    });
  });
  at.object("usage", [&](auto& members) {
    members.number("input", of.usage.input);
    members.number("cached_input", of.usage.cached_input);
    members.number("output", of.usage.output);
    members.number("characters", of.usage.characters);
  });
  at.digests("fields", of.fields);
  at.number("size", of.size);
  auto cost = of.cost ? std::optional{of.cost->value} : std::nullopt;
  at.number("cost_micro_usd", cost);
  if constexpr (!std::is_const_v<Meta>) of.cost = cost ? std::optional{micro_usd{*cost}} : std::nullopt;
}

/// Calls `visit` with each text of a meta.
template <class Meta, class F>
void each_text(Meta& of, F visit) {
  for (auto* const one : {&of.id.group, &of.id.suffix, &of.fill, &of.upstream, &of.endpoint, &of.model, &of.level,
                          &of.tenant_label, &of.name_space, &of.query, &of.content_type}) {
    visit(*one);
  }
  for (auto& tag : of.tags) visit(tag);
  for (auto& [name, value] : of.headers) {
    visit(name);
    visit(value);
  }
  for (auto& field : of.fields) visit(field.name);
}

/// Whether all marks lie within the body.
inline bool marks_fit(const meta& about) noexcept {
  return std::ranges::all_of(about.marks, [size = about.size](const mark& one) {
    return one.offset <= size && one.length <= size - one.offset;
  });
}

}  // namespace refrain::entry
