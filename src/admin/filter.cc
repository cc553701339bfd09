#include "admin/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "admin/parameters.h"
#include "base/text.h"
#include "config/level.h"
#include "config/values.h"

namespace refrain::admin {
namespace {

using base::errc;
using base::fail;

/// Writes one member from its text; false where it is no right value.
using setter = bool (*)(entry::selector& into, std::string_view text, base::sys_seconds now);

struct row {
  std::string_view name;
  setter set;
  std::string_view form;  ///< what a right value looks like, after "give"
};

template <std::string entry::selector::* Member>
bool set_text(entry::selector& into, std::string_view text, base::sys_seconds /*now*/) {
  into.*Member = text;
  return true;
}

bool set_type(entry::selector& into, std::string_view text, base::sys_seconds /*now*/) {
  into.type = entry::cache_type_from(text);
  return into.type.has_value();
}

bool set_level(entry::selector& into, std::string_view text, base::sys_seconds /*now*/) {
  into.level = text;
  return config::level_from(text).has_value();
}

bool set_age(entry::selector& into, std::string_view text, base::sys_seconds now) {
  const auto age = config::parse_duration(text, std::chrono::seconds{1});
  if (!age || age->count() < 0) return false;
  into.stored_before = now - std::chrono::floor<std::chrono::seconds>(*age);
  return true;
}

constexpr std::array rows{
    row{"type", set_type, "llm, embedding, tts, stt, image or text"},
    row{"upstream", set_text<&entry::selector::upstream>, "an upstream's name"},
    row{"provider", set_text<&entry::selector::upstream>, "an upstream's name"},
    row{"model", set_text<&entry::selector::model>, "a model's name"},
    row{"tag", set_text<&entry::selector::tag>, "a tag"},
    row{"tenant", set_text<&entry::selector::tenant>, "a tenant's name"},
    row{"namespace", set_text<&entry::selector::name_space>, "a namespace"},
    row{"level", set_level, "quality, balanced_quality, balanced, balanced_speed or speed"},
    row{"text", set_text<&entry::selector::text>, "a part of the query's text"},
    row{"older_than", set_age, "a duration such as 2h, 30 min, or a number of seconds"},
};

constexpr auto names = [] {
  std::array<std::string_view, rows.size()> all{};
  std::ranges::transform(rows, all.begin(), &row::name);
  return all;
}();

}  // namespace

base::result<void> narrow(entry::selector& into, std::string_view name, std::string_view text, base::sys_seconds now) {
  const auto* const found = std::ranges::find(rows, name, &row::name);
  if (found == rows.end()) return fail(unknown_name(name, names));
  if (!base::trim(text).empty() && found->set(into, text, now)) return {};
  return fail(errc::bad_usage,
              fmt::format("{}: '{}' is not right; give {}", name, base::shorten(text, 60), found->form));
}

}  // namespace refrain::admin
