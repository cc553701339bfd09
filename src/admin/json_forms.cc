#include "admin/json_forms.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace refrain::admin {
namespace {

namespace json = boost::json;

void add_money(json::object& to, const std::string& name, entry::micro_usd amount) {
  to[name + "_usd"] = entry::to_string(amount);
  to[name + "_micro_usd"] = amount.value;
}

json::string plain(std::string_view text) { return json::string(text.data(), text.size()); }

}  // namespace

reply json_reply(const json::object& form) { return {.body = json::serialize(form)}; }

std::string iso_8601(base::sys_seconds at) { return fmt::format("{:%FT%T}Z", fmt::gmtime(at)); }

std::string iso_8601_day(std::int64_t day) {
  return fmt::format("{:%F}", fmt::gmtime(std::chrono::sys_days{std::chrono::days{day}}));
}

json::string text_form(std::string_view text) { return plain(base::to_utf8(text)); }

json::object form_of(const entry::meta& about, base::sys_seconds now) {
  json::array tags;
  for (const auto& tag : about.tags) tags.emplace_back(text_form(tag));
  const auto left = about.stored_at + about.ttl - now;
  json::object row{{"name", entry::storage_name(about.id)},
                   {"digest", about.id.digest.hex()},
                   {"type", plain(to_string(about.id.type))},
                   {"model", text_form(about.model)},
                   {"upstream", text_form(about.upstream)},
                   {"endpoint", text_form(about.endpoint)},
                   {"level", text_form(about.level)},
                   {"tenant", text_form(about.tenant_label)},
                   {"namespace", text_form(about.name_space)},
                   {"query", text_form(about.query)},
                   {"form", to_string(about.form)},
                   {"size", about.size},
                   {"stored_at", iso_8601(about.stored_at)},
                   {"ttl_seconds", about.ttl.count()},
                   {"left_seconds", left.count()},
                   {"tags", std::move(tags)}};
  row["cost_usd"] = nullptr;
  row["cost_micro_usd"] = nullptr;
  if (about.cost) add_money(row, "cost", *about.cost);
  return row;
}

json::object form_of(const entry::store_status& store) {
  json::array tiers;
  for (const auto& tier : store.tiers) tiers.emplace_back(form_of(tier));
  return {{"kind", store.kind},
          {"location", text_form(store.location)},
          {"health", plain(to_string(store.health))},
          {"detail", text_form(store.detail)},
          {"entries", store.entries},
          {"bytes", store.bytes},
          {"max_bytes", store.max_bytes},
          {"writes_dropped", store.writes_dropped},
          {"mismatches", store.mismatches},
          {"evictions", store.evictions},
          {"tiers", std::move(tiers)}};
}

json::object form_of(const ledger::tally& sum) {
  json::object outcomes;
  for (std::size_t i = 0; i < ledger::outcome_count; ++i) {
    const auto name = base::to_lower(entry::to_string(static_cast<entry::outcome>(i)));
    outcomes[name] = sum.by_outcome[i];
  }
  const auto asked = sum.hits() + sum.misses();
  json::object form{{"requests", sum.requests()},      {"hits", sum.hits()},
                    {"misses", sum.misses()},          {"hit_rate", nullptr},
                    {"outcomes", std::move(outcomes)}, {"unpriced", sum.unpriced}};
  if (asked > 0) form["hit_rate"] = static_cast<double>(sum.hits()) / static_cast<double>(asked);
  add_money(form, "saved", sum.saved);
  add_money(form, "spent", sum.spent);
  return form;
}

json::object form_of(const ledger::totals& all) {
  json::array rows;
  for (const auto& [key, sum] : all.rows) {
    auto row = form_of(sum);
    row["type"] = plain(to_string(key.type));
    row["upstream"] = text_form(key.upstream);
    row["model"] = text_form(key.model);
    rows.emplace_back(std::move(row));
  }
  auto form = form_of(all.all());
  form["rows"] = std::move(rows);
  return form;
}

json::object form_of(const config::shown_setting& one) {
  return {{"key", text_form(one.key)},         {"value", text_form(one.value)},
          {"unit", text_form(one.unit)},       {"meaning", text_form(one.meaning)},
          {"applies", text_form(one.applies)}, {"source", text_form(to_string(one.from))},
          {"origin", text_form(one.origin)}};
}

}  // namespace refrain::admin
