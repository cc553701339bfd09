#include "entry/codec.h"

#include <boost/json.hpp>

#include "entry/latin1.h"

namespace refrain::entry {
namespace {

namespace json = boost::json;

json::string_view as_json(std::string_view text) { return {text.data(), text.size()}; }

json::array tags_of(const meta& about) {
  json::array list;
  for (const auto& tag : about.tags) list.emplace_back(as_json(tag));
  return list;
}

json::array headers_of(const meta& about) {
  json::array list;
  for (const auto& [name, value] : about.headers) list.push_back(json::array{as_json(name), as_json(value)});
  return list;
}

json::array marks_of(const meta& about) {
  json::array list;
  for (const auto& one : about.marks) {
    list.push_back(json::object{{"kind", as_json(name_of(one.what))}, {"offset", one.offset}, {"length", one.length}});
  }
  return list;
}

json::object usage_of(const meta& about) {
  json::object tokens;
  if (about.usage.input) tokens["input"] = *about.usage.input;
  if (about.usage.cached_input) tokens["cached_input"] = *about.usage.cached_input;
  if (about.usage.output) tokens["output"] = *about.usage.output;
  if (about.usage.characters) tokens["characters"] = *about.usage.characters;
  return tokens;
}

json::object fields_of(const meta& about) {
  json::object fields;
  for (const auto& field : about.fields) fields[as_json(field.name)] = field.value.hex();
  return fields;
}

}  // namespace

std::string encode(const meta& about) {
  json::object out{
      {"version", format_version},
      {"type", as_json(to_string(about.id.type))},
      {"digest", about.id.digest.hex()},
      {"tenant", about.id.tenant.hex()},
      {"place", about.id.group},
      {"suffix", about.id.suffix},
      {"stored_at", about.stored_at.time_since_epoch().count()},
      {"ttl", about.ttl.count()},
      {"purge_number", about.purge_number},
      {"fill", about.fill},
      {"upstream", about.upstream},
      {"endpoint", about.endpoint},
      {"model", about.model},
      {"level", about.level},
      {"tenant_label", about.tenant_label},
      {"namespace", about.name_space},
      {"tags", tags_of(about)},
      {"query", about.query},
      {"form", as_json(to_string(about.form))},
      {"usage_asked", about.usage_asked},
      {"content_type", about.content_type},
      {"headers", headers_of(about)},
      {"marks", marks_of(about)},
      {"usage", usage_of(about)},
      {"fields", fields_of(about)},
      {"size", about.size},
  };
  if (about.cost) out["cost_micro_usd"] = about.cost->value;
  auto text = json::serialize(out);
  if (is_utf8(text)) return text;
  text.back() = ',';
  return from_latin1(text).append(latin1_member).append("}");
}

}  // namespace refrain::entry
