#include "entry/codec.h"

#include <simdjson.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <concepts>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "entry/meta_members.h"

namespace refrain::entry {
namespace {

namespace dom = simdjson::dom;

/// Stands in a meta of which not all bytes are UTF-8, as header values need not be (RFC 9110, section 5.5): each byte
/// above 0x7f is written as the character of that number. In a text its quotes would be escaped.
constexpr std::string_view latin1_member = R"("charset":"latin-1")";

/// Whether a text holds what is escaped in JSON. Looks at all of it, so that the compiler does many characters at once.
bool has_escaped(std::string_view text) noexcept {
  bool found = false;
  for (const char c : text) found |= (static_cast<unsigned char>(c) < 0x20) | (c == '"') | (c == '\\');
  return found;
}

/// JSON without white space that grows value by value: behind each stands a comma, which the end of a list replaces.
class compact_json {
 public:
  compact_json() { json_.reserve(usual_bytes); }

  [[nodiscard]] std::string finish() && {
    json_.pop_back();
    return std::move(json_);
  }

  void name(std::string_view plain) { json_.append(1, '"').append(plain).append("\":"); }
  void any_name(std::string_view any) {
    text(any);
    json_.back() = ':';
  }
  void value(std::string_view json) { json_.append(json).append(1, ','); }
  /// A text that has nothing to escape.
  void plain(std::string_view text) { json_.append(1, '"').append(text).append("\","); }
  void text(std::string_view any) {
    if (!has_escaped(any)) return plain(any);
    value(boost::json::serialize(boost::json::string_view{any.data(), any.size()}));
  }
  void list(char open, char close, auto values) {
    json_ += open;
    values();
    if (json_.back() == ',') json_.pop_back();
    json_ += close;
    json_ += ',';
  }

 private:
  static constexpr std::size_t usual_bytes = 1024;

  std::string json_;
};

/// Writes a meta (meta_members.h).
class meta_writer {
 public:
  explicit meta_writer(compact_json& out) : out_(out) {}

  void text(std::string_view name, const std::string& value) {
    out_.name(name);
    out_.text(value);
  }
  void digest(std::string_view name, const base::digest256& value) {
    out_.name(name);
    out_.plain(value.hex());
  }
  void word(std::string_view name, auto value, auto /*known*/) {
    out_.name(name);
    out_.plain(to_string(value));
  }
  void flag(std::string_view name, bool value) {
    out_.name(name);
    out_.value(value ? "true" : "false");
  }
  template <std::integral Int>
  void number(std::string_view name, Int value, Int /*least*/ = 0, Int /*most*/ = 0) {
    out_.name(name);
    out_.value(std::to_string(value));
  }
  template <std::integral Int>
  void number(std::string_view name, const std::optional<Int>& value) {
    if (value) number(name, *value);
  }
  void object(std::string_view name, auto members) {
    out_.name(name);
    object(members);
  }
  void object_if_any(std::string_view name, const auto& value, auto members) {
    if (value) object(name, [&](auto& self) { members(self, *value); });
  }
  void each(std::string_view name, const auto& list, auto write) {
    out_.name(name);
    out_.list('[', ']', [&] {
      for (const auto& one : list) write(*this, one);
    });
  }
  void digests(std::string_view name, const std::vector<field_digest>& fields) {
    out_.name(name);
    out_.list('{', '}', [&] {
      for (const auto& field : fields) {
        out_.any_name(field.name);
        out_.plain(field.value.hex());
      }
    });
  }

  // Elements of a list, and the whole.

  bool text(const std::string& value) {
    out_.text(value);
    return true;
  }
  bool pair(const std::string& first, const std::string& second) {
    out_.list('[', ']', [&] { text(first) && text(second); });
    return true;
  }
  bool object(auto members) {
    out_.list('{', '}', [&] { members(*this); });
    return true;
  }

 private:
  compact_json& out_;
};

/// A meta with all that one may have, so that its JSON shows each member in its place.
meta whole_meta() {
  meta about;
  about.headers.emplace_back();
  about.marks.emplace_back();
  about.usage = {.input = 0, .cached_input = 0, .output = 0, .characters = 0};
  about.cost = micro_usd{};
  about.similar.emplace();
  return about;
}

/// Writes the members that `like` has, in its order, and no others. One that is missing is left out, and one that is
/// wrong stays so: decode_straight finds both.
void write_like(const boost::json::value& like, dom::element from, compact_json& out) {
  if (like.is_array() && !like.get_array().empty() && from.is_array()) {
    return out.list('[', ']', [&] {
      for (const auto one : dom::array(from)) write_like(like.get_array().front(), one, out);
    });
  }
  if (!like.is_object() || like.get_object().empty() || !from.is_object()) return out.value(simdjson::minify(from));
  out.list('{', '}', [&] {
    for (const auto& [name, value] : like.get_object()) {
      dom::element found;
      if (from.at_key(std::string_view{name}).get(found) != simdjson::SUCCESS) continue;
      out.name(name);
      write_like(value, found, out);
    }
  });
}

/// A meta that stands in any other way as `encode` writes it. Nothing where it is no JSON object.
std::optional<std::string> straighten(std::string_view json) {
  static const auto like = boost::json::parse(encode(whole_meta()));
  thread_local dom::parser parser;
  dom::element whole;
  const bool is_json = parser.parse(json.data(), json.size()).get(whole) == simdjson::SUCCESS;
  if (!is_json || !whole.is_object()) return std::nullopt;
  compact_json out;
  write_like(like, whole, out);
  return std::move(out).finish();
}

}  // namespace

std::string encode(const meta& about) {
  compact_json out;
  meta_writer{out}.object([&](auto& members) { walk_members(members, about); });
  auto text = std::move(out).finish();
  if (base::is_utf8(text)) return text;
  text.back() = ',';
  return base::from_latin1(text).append(latin1_member).append("}");
}

base::result<meta> decode_meta(std::string_view json) {
  if (json.size() > max_meta_bytes) return base::fail(base::errc::store_corrupt, "entry: meta too long");
  base::result<meta> about;
  if (decode_straight(json, *about)) return about;
  const auto straight = straighten(json);
  if (!straight) return base::fail(base::errc::store_corrupt, "entry: meta is not a JSON object");
  about = meta{};
  TRY(decode_straight(*straight, *about));
  // `encode` writes this member last, where no straight meta has one.
  if (json.contains(latin1_member)) {
    each_text(*about, [](std::string& one) { one = base::to_latin1(one); });
  }
  return about;
}

}  // namespace refrain::entry
