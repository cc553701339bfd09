#include "entry/codec.h"

#include <simdjson.h>

#include <boost/json/serialize.hpp>
#include <concepts>
#include <utility>
#include <vector>

#include "entry/latin1.h"
#include "entry/meta_members.h"
#include "entry/straight_meta.h"

namespace refrain::entry {
namespace {

namespace dom = simdjson::dom;

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

/// Writes the members of a meta that stands in any other way as `encode` writes them, and no others. One that is
/// missing is left out, and one that is wrong stays so: decode_straight finds both.
class straightener {
 public:
  straightener(dom::element from, compact_json& out) : from_(from), out_(out) {}

  void text(std::string_view name, const auto& /*value*/) { copy(name); }
  void digest(std::string_view name, const auto& /*value*/) { copy(name); }
  void word(std::string_view name, const auto& /*value*/, auto /*known*/) { copy(name); }
  void flag(std::string_view name, bool /*value*/) { copy(name); }
  void number(std::string_view name, const auto&... /*value*/) { copy(name); }
  void digests(std::string_view name, const auto& /*value*/) { copy(name); }
  void object(std::string_view name, auto members) {
    if (auto inner = find(name)) inner->object(members);
  }
  template <class T>
  void each(std::string_view name, const std::vector<T>& /*value*/, auto write) {
    const auto list = find(name);
    if (!list) return;
    if (!list->from_.is_array()) return list->copy();
    out_.list('[', ']', [&] {
      for (const auto one : dom::array(list->from_)) {
        straightener element{one, out_};
        const T any{};
        write(element, any);
      }
    });
  }

  // Elements of a list, and the whole.

  bool text(const auto& /*value*/) {
    copy();
    return true;
  }
  bool pair(const auto& first, const auto& /*second*/) { return text(first); }
  bool object(auto members) {
    if (!from_.is_object()) return text(members);
    out_.list('{', '}', [&] { members(*this); });
    return true;
  }

 private:
  /// The member, whose name is written, where it is there.
  std::optional<straightener> find(std::string_view name) {
    dom::element found;
    if (from_.at_key(name).get(found) != simdjson::SUCCESS) return std::nullopt;
    out_.name(name);
    return straightener{found, out_};
  }
  void copy(std::string_view name) {
    if (const auto member = find(name)) member->copy();
  }
  void copy() const { out_.value(simdjson::minify(from_)); }

  dom::element from_;
  compact_json& out_;
};

/// Nothing where it is no JSON object.
std::optional<std::string> straighten(std::string_view json) {
  thread_local dom::parser parser;
  dom::element whole;
  const bool is_json = parser.parse(json.data(), json.size()).get(whole) == simdjson::SUCCESS;
  if (!is_json || !whole.is_object()) return std::nullopt;
  compact_json out;
  const meta any;
  straightener{whole, out}.object([&](auto& members) { walk_members(members, any); });
  return std::move(out).finish();
}

}  // namespace

std::string encode(const meta& about) {
  compact_json out;
  meta_writer{out}.object([&](auto& members) { walk_members(members, about); });
  auto text = std::move(out).finish();
  if (is_utf8(text)) return text;
  text.back() = ',';
  return from_latin1(text).append(latin1_member).append("}");
}

base::result<meta> decode_meta(std::string_view json) {
  if (json.size() > max_meta_bytes) return base::fail(base::errc::store_corrupt, "entry: meta too long");
  base::result<meta> about;
  if (decode_straight(json, *about)) return about;
  const auto straight = straighten(json);
  if (!straight) return base::fail(base::errc::store_corrupt, "entry: meta is not a JSON object");
  about = meta{};
  if (auto read = decode_straight(*straight, *about); !read) return base::fail(std::move(read).error());
  // `encode` writes this member last, where no straight meta has one.
  if (json.contains(latin1_member)) {
    each_text(*about, [](std::string& one) { one = to_latin1(one); });
  }
  return about;
}

}  // namespace refrain::entry
