#include "entry/codec.h"

#include <boost/json.hpp>

#include <array>
#include <limits>

namespace refrain::entry {
namespace {

namespace json = boost::json;

constexpr std::int64_t latest_time = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t longest_ttl = 3'155'760'000;    // a hundred years

json::string_view as_json(std::string_view text) { return {text.data(), text.size()}; }

/// Reads members of one object and remembers the first that is missing or wrong.
class member_reader {
 public:
  explicit member_reader(const json::object& from) : from_(from) {}

  [[nodiscard]] bool good() const noexcept { return fault_.empty(); }
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  void blame(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }

  void read(std::string_view name, std::string& into) {
    const auto* value = find(name, json::kind::string);
    if (value != nullptr) into.assign(value->get_string().data(), value->get_string().size());
  }

  void read(std::string_view name, bool& into) {
    const auto* value = find(name, json::kind::bool_);
    if (value != nullptr) into = value->get_bool();
  }

  void read(std::string_view name, base::digest256& into) {
    std::string hex;
    read(name, hex);
    if (const auto digest = base::digest256::from_hex(hex))
      into = *digest;
    else
      blame(name);
  }

  template <std::integral Int>
  void read(std::string_view name, Int& into, Int least, Int most) {
    const auto* value = from_.if_contains(as_json(name));
    json::error_code fault;
    const auto number = value == nullptr ? Int{} : value->to_number<Int>(fault);
    if (value == nullptr || value->is_double() || fault || number < least || number > most) return blame(name);
    into = number;
  }

  void read(std::string_view name, std::uint64_t& into) {
    read(name, into, std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max());
  }

  template <std::integral Int>
  void read(std::string_view name, std::optional<Int>& into) {
    if (!from_.contains(as_json(name))) return;
    Int number{};
    read(name, number, Int{0}, std::numeric_limits<Int>::max());
    into = number;
  }

  /// Hands each element of a list to `one`, which says whether it took it.
  template <class F>
  void each(std::string_view name, F one) {
    const auto* value = find(name, json::kind::array);
    if (value == nullptr) return;
    for (const auto& element : value->get_array()) {
      if (!one(element)) return blame(name);
    }
  }

  [[nodiscard]] const json::object* object(std::string_view name) {
    const auto* value = find(name, json::kind::object);
    return value == nullptr ? nullptr : &value->get_object();
  }

 private:
  const json::value* find(std::string_view name, json::kind kind) {
    const auto* value = from_.if_contains(as_json(name));
    if (value != nullptr && value->kind() == kind) return value;
    blame(name);
    return nullptr;
  }

  const json::object& from_;
  std::string fault_;
};

std::string text_of(const json::value& value) { return {value.get_string().data(), value.get_string().size()}; }

std::string_view name_of(mark::kind kind) { return kind == mark::kind::usage ? "usage" : "terminator"; }

void read_form(member_reader& from, meta& into) {
  std::string type;
  from.read("type", type);
  if (const auto known = cache_type_from(type))
    into.id.type = *known;
  else
    from.blame("type");

  std::string form;
  from.read("form", form);
  if (const auto known = wire_form_from(form))
    into.form = *known;
  else
    from.blame("form");
}

void read_times(member_reader& from, meta& into) {
  std::int64_t stored_at = 0;
  std::int64_t ttl = 0;
  from.read("stored_at", stored_at, std::int64_t{0}, latest_time);
  from.read("ttl", ttl, std::int64_t{0}, longest_ttl);
  into.stored_at = base::sys_seconds{std::chrono::seconds{stored_at}};
  into.ttl = std::chrono::seconds{ttl};
}

bool read_mark(const json::value& element, std::uint64_t size, std::vector<mark>& into) {
  if (!element.is_object()) return false;
  member_reader from{element.get_object()};
  mark one;
  std::string kind;
  from.read("kind", kind);
  from.read("offset", one.offset);
  from.read("length", one.length);
  if (kind == name_of(mark::kind::usage))
    one.what = mark::kind::usage;
  else if (kind != name_of(mark::kind::terminator))
    return false;
  if (!from.good() || one.offset > size || one.length > size - one.offset) return false;
  into.push_back(one);
  return true;
}

void read_lists(member_reader& from, meta& into) {
  from.each("tags", [&](const json::value& element) {
    if (!element.is_string()) return false;
    into.tags.push_back(text_of(element));
    return true;
  });
  from.each("headers", [&](const json::value& element) {
    const auto* pair = element.if_array();
    if (pair == nullptr || pair->size() != 2 || !pair->front().is_string() || !pair->back().is_string()) return false;
    into.headers.emplace_back(text_of(pair->front()), text_of(pair->back()));
    return true;
  });
  from.each("marks", [&](const json::value& element) { return read_mark(element, into.size, into.marks); });
}

void read_fields(member_reader& from, meta& into) {
  const auto* fields = from.object("fields");
  if (fields == nullptr) return;
  for (const auto& [name, value] : *fields) {
    const auto digest = value.is_string() ? base::digest256::from_hex(text_of(value)) : std::nullopt;
    if (!digest) return from.blame("fields");
    into.fields.push_back({.name = std::string(name.data(), name.size()), .value = *digest});
  }
}

void read_money(member_reader& from, meta& into) {
  const auto* usage = from.object("usage");
  if (usage == nullptr) return;
  member_reader tokens{*usage};
  tokens.read("input", into.usage.input);
  tokens.read("cached_input", into.usage.cached_input);
  tokens.read("output", into.usage.output);
  tokens.read("characters", into.usage.characters);
  if (!tokens.good()) from.blame("usage");

  std::optional<std::int64_t> cost;
  from.read("cost_micro_usd", cost);
  if (cost) into.cost = micro_usd{*cost};
}

base::result<meta> read_meta(const json::object& object) {
  member_reader from{object};
  int version = 0;
  from.read("version", version, format_version, format_version);

  meta about;
  read_form(from, about);
  from.read("digest", about.id.digest);
  from.read("tenant", about.id.tenant);
  from.read("place", about.id.place);
  from.read("suffix", about.id.suffix);
  read_times(from, about);
  from.read("purge_number", about.purge_number);
  from.read("fill", about.fill);
  from.read("upstream", about.upstream);
  from.read("endpoint", about.endpoint);
  from.read("model", about.model);
  from.read("level", about.level);
  from.read("tenant_label", about.tenant_label);
  from.read("namespace", about.name_space);
  from.read("query", about.query);
  from.read("usage_asked", about.usage_asked);
  from.read("content_type", about.content_type);
  from.read("size", about.size);
  read_lists(from, about);
  read_money(from, about);
  read_fields(from, about);
  if (!from.good())
    return base::fail(base::errc::store_corrupt, "entry: member " + from.fault() + " is missing or wrong");
  return about;
}

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
      {"place", about.id.place},
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
  return json::serialize(out);
}

base::result<meta> decode_meta(std::string_view text) {
  if (text.size() > max_meta_bytes) return base::fail(base::errc::store_corrupt, "entry: meta too long");
  // Header values may hold bytes that are not UTF-8 (RFC 9110, section 5.5): they come back as they went.
  const json::parse_options options{.max_depth = 8, .allow_invalid_utf8 = true};
  std::array<unsigned char, 8192> near_by;  // enough for most, without the heap
  json::monotonic_resource memory(near_by.data(), near_by.size());
  json::error_code fault;
  const auto value = json::parse(as_json(text), fault, &memory, options);
  if (fault || !value.is_object()) return base::fail(base::errc::store_corrupt, "entry: meta is not a JSON object");
  return read_meta(value.get_object());
}

}  // namespace refrain::entry
