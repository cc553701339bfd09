#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/padded_parser.h"
#include "entry/codec.h"
#include "entry/latin1.h"

namespace refrain::entry {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::int64_t latest_time = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t longest_ttl = 3'155'760'000;    // a hundred years

/// Reads members of one object and remembers the first that is missing or wrong; after it, it reads no more, as
/// simdjson wants it. Quick where they are asked for in the order in which they stand.
class member_reader {
 public:
  explicit member_reader(ondemand::object from) : from_(from) {}

  [[nodiscard]] bool good() const noexcept { return fault_.empty(); }
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  void blame(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }

  void read(std::string_view name, std::string& into) { into = text(name); }

  void read(std::string_view name, bool& into) {
    if (!good() || from_[name].get_bool().get(into) != simdjson::SUCCESS) blame(name);
  }

  void read(std::string_view name, base::digest256& into) {
    if (const auto digest = base::digest256::from_hex(text(name)))
      into = *digest;
    else
      blame(name);
  }

  template <std::integral Int>
  void read(std::string_view name, Int& into, Int least, Int most) {
    ondemand::value value;
    const bool there = good() && from_[name].get(value) == simdjson::SUCCESS;
    const auto number = there ? number_in<Int>(value) : std::nullopt;
    if (!number || *number < least || *number > most) return blame(name);
    into = *number;
  }

  void read(std::string_view name, std::uint64_t& into) {
    read(name, into, std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max());
  }

  template <std::integral Int>
  void read(std::string_view name, std::optional<Int>& into) {
    ondemand::value value;
    const auto fault = good() ? from_[name].get(value) : simdjson::NO_SUCH_FIELD;
    if (fault == simdjson::NO_SUCH_FIELD) return;
    const auto number = fault == simdjson::SUCCESS ? number_in<Int>(value) : std::nullopt;
    if (!number || *number < 0) return blame(name);
    into = *number;
  }

  /// Hands each element of a list to `one`, which says whether it took it.
  template <class F>
  void each(std::string_view name, F one) {
    ondemand::array list;
    if (!good() || from_[name].get_array().get(list) != simdjson::SUCCESS) return blame(name);
    for (auto element : list) {
      ondemand::value value;
      if (element.get(value) != simdjson::SUCCESS || !one(value)) return blame(name);
    }
  }

  [[nodiscard]] std::optional<ondemand::object> object(std::string_view name) {
    ondemand::object found;
    if (good() && from_[name].get_object().get(found) == simdjson::SUCCESS) return found;
    blame(name);
    return std::nullopt;
  }

  /// Lives until the next text is parsed.
  [[nodiscard]] std::string_view text(std::string_view name) {
    std::string_view found;
    if (!good() || from_[name].get_string().get(found) != simdjson::SUCCESS) blame(name);
    return found;
  }

 private:
  template <std::integral Int>
  static std::optional<Int> number_in(ondemand::value value) {
    if constexpr (std::is_signed_v<Int>) {
      std::int64_t number = 0;
      if (value.get_int64().get(number) != simdjson::SUCCESS || !std::in_range<Int>(number)) return std::nullopt;
      return static_cast<Int>(number);
    } else {
      std::uint64_t number = 0;
      if (value.get_uint64().get(number) != simdjson::SUCCESS || !std::in_range<Int>(number)) return std::nullopt;
      return static_cast<Int>(number);
    }
  }

  ondemand::object from_;
  std::string fault_;
};

std::optional<std::string_view> text_of(ondemand::value value) {
  std::string_view found;
  if (value.get_string().get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

/// A word of a closed list, as `known` reads it.
template <class T, class F>
void read_word(member_reader& from, std::string_view name, T& into, F known) {
  if (const auto value = known(from.text(name)))
    into = *value;
  else
    from.blame(name);
}

void read_times(member_reader& from, meta& into) {
  std::int64_t stored_at = 0;
  std::int64_t ttl = 0;
  from.read("stored_at", stored_at, std::int64_t{0}, latest_time);
  from.read("ttl", ttl, std::int64_t{0}, longest_ttl);
  into.stored_at = base::sys_seconds{std::chrono::seconds{stored_at}};
  into.ttl = std::chrono::seconds{ttl};
}

bool read_header(ondemand::value element, meta& into) {
  ondemand::array pair;
  if (element.get_array().get(pair) != simdjson::SUCCESS) return false;
  std::vector<std::string> both;
  for (auto part : pair) {
    ondemand::value value;
    if (part.get(value) != simdjson::SUCCESS) return false;
    const auto text = text_of(value);
    if (!text) return false;
    both.emplace_back(*text);
  }
  if (both.size() != 2) return false;
  into.headers.emplace_back(std::move(both.front()), std::move(both.back()));
  return true;
}

bool read_mark(ondemand::value element, meta& into) {
  ondemand::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS) return false;
  member_reader from{object};
  mark one;
  const auto kind = from.text("kind");
  if (kind == name_of(mark::kind::usage))
    one.what = mark::kind::usage;
  else if (kind != name_of(mark::kind::terminator))
    return false;
  from.read("offset", one.offset);
  from.read("length", one.length);
  into.marks.push_back(one);
  return from.good();
}

void read_lists(member_reader& from, meta& into) {
  from.each("headers", [&](ondemand::value element) { return read_header(element, into); });
  from.each("marks", [&](ondemand::value element) { return read_mark(element, into); });
}

bool is_within(const mark& one, std::uint64_t size) { return one.offset <= size && one.length <= size - one.offset; }

void read_usage(member_reader& from, meta& into) {
  const auto usage = from.object("usage");
  if (!usage) return;
  member_reader tokens{*usage};
  tokens.read("input", into.usage.input);
  tokens.read("cached_input", into.usage.cached_input);
  tokens.read("output", into.usage.output);
  tokens.read("characters", into.usage.characters);
  if (!tokens.good()) from.blame("usage");
}

void read_fields(member_reader& from, meta& into) {
  auto fields = from.object("fields");
  if (!fields) return;
  for (auto field : *fields) {
    std::string_view name;
    std::string_view hex;
    const bool read = field.unescaped_key().get(name) == simdjson::SUCCESS &&
                      field.value().get_string().get(hex) == simdjson::SUCCESS;
    const auto digest = read ? base::digest256::from_hex(hex) : std::nullopt;
    if (!digest) return from.blame("fields");
    into.fields.push_back({.name = std::string{name}, .value = *digest});
  }
}

void undo_latin1(meta& about) {
  for (auto* const one :
       {&about.id.place, &about.id.suffix, &about.fill, &about.upstream, &about.endpoint, &about.model, &about.level,
        &about.tenant_label, &about.name_space, &about.query, &about.content_type}) {
    *one = to_latin1(*one);
  }
  for (auto& tag : about.tags) tag = to_latin1(tag);
  for (auto& [name, value] : about.headers) value = to_latin1(value);
  for (auto& field : about.fields) field.name = to_latin1(field.name);
}

/// In the order in which `encode` writes them.
base::result<meta> read_meta(ondemand::object object) {
  member_reader from{object};
  int version = 0;
  from.read("version", version, format_version, format_version);

  meta about;
  read_word(from, "type", about.id.type, cache_type_from);
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
  from.each("tags", [&](ondemand::value element) {
    const auto tag = text_of(element);
    if (tag) about.tags.emplace_back(*tag);
    return tag.has_value();
  });
  from.read("query", about.query);
  read_word(from, "form", about.form, wire_form_from);
  from.read("usage_asked", about.usage_asked);
  from.read("content_type", about.content_type);
  read_lists(from, about);
  read_usage(from, about);
  read_fields(from, about);
  from.read("size", about.size);
  std::optional<std::int64_t> cost;
  from.read("cost_micro_usd", cost);
  if (cost) about.cost = micro_usd{*cost};
  if (!std::ranges::all_of(about.marks, [&](const mark& one) { return is_within(one, about.size); }))
    from.blame("marks");
  if (!from.good())
    return base::fail(base::errc::store_corrupt, "entry: member " + from.fault() + " is missing or wrong");
  return about;
}

}  // namespace

base::result<meta> decode_meta(std::string_view text) {
  if (text.size() > max_meta_bytes) return base::fail(base::errc::store_corrupt, "entry: meta too long");
  thread_local base::padded_parser parser;
  ondemand::document document;
  ondemand::object object;
  const bool opened =
      parser.open(text).get(document) == simdjson::SUCCESS && document.get_object().get(object) == simdjson::SUCCESS;
  if (!opened) return base::fail(base::errc::store_corrupt, "entry: meta is not a JSON object");
  auto about = read_meta(object);
  if (about && text.contains(latin1_member)) undo_latin1(*about);
  return about;
}

}  // namespace refrain::entry
