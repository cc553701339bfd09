#include <simdjson.h>

#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/padded_parser.h"
#include "entry/codec.h"
#include "entry/latin1.h"
#include "entry/meta_members.h"
#include "entry/straight_meta.h"

namespace refrain::entry {
namespace {

namespace ondemand = simdjson::ondemand;

class thorough_element;

/// Reads members of one object and remembers the first that is missing or wrong; after it, it reads no more, as
/// simdjson wants it. Quick where they are asked for in the order in which they stand.
class thorough_reader {
 public:
  explicit thorough_reader(ondemand::object from) : from_(from) {}

  [[nodiscard]] bool good() const noexcept { return fault_.empty(); }
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  void blame(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }

  void text(std::string_view name, std::string& into) { into = quoted(name); }

  void flag(std::string_view name, bool& into) {
    if (!good() || from_[name].get_bool().get(into) != simdjson::SUCCESS) blame(name);
  }

  void digest(std::string_view name, base::digest256& into) { word(name, into, base::digest256::from_hex); }

  /// What `known` makes of a text, which may be nothing.
  template <class T, class F>
  void word(std::string_view name, T& into, F known) {
    if (const auto value = known(quoted(name)))
      into = *value;
    else
      blame(name);
  }

  template <std::integral Int>
  void number(std::string_view name, Int& into, Int least = 0, Int most = std::numeric_limits<Int>::max()) {
    ondemand::value value;
    const bool there = good() && from_[name].get(value) == simdjson::SUCCESS;
    const auto number = there ? number_in<Int>(value) : std::nullopt;
    if (!number || *number < least || *number > most) return blame(name);
    into = *number;
  }

  template <std::integral Int>
  void number(std::string_view name, std::optional<Int>& into) {
    ondemand::value value;
    const auto fault = good() ? from_[name].get(value) : simdjson::NO_SUCH_FIELD;
    if (fault == simdjson::NO_SUCH_FIELD) return;
    const auto number = fault == simdjson::SUCCESS ? number_in<Int>(value) : std::nullopt;
    if (!number || *number < 0) return blame(name);
    into = *number;
  }

  template <class F>
  void object(std::string_view name, F members) {
    ondemand::object found;
    if (!good() || from_[name].get_object().get(found) != simdjson::SUCCESS) return blame(name);
    thorough_reader inner{found};
    members(inner);
    if (!inner.good()) blame(name);
  }

  /// Hands each element of a list to `one`, which says whether it took it.
  template <class F>
  void each(std::string_view name, F one);

  /// Hands each member of an object of digests to `one`.
  template <class F>
  void digests(std::string_view name, F one) {
    ondemand::object members;
    if (!good() || from_[name].get_object().get(members) != simdjson::SUCCESS) return blame(name);
    for (auto member : members) {
      std::string_view key;
      std::string_view value;
      const bool read = member.unescaped_key().get(key) == simdjson::SUCCESS &&
                        member.value().get_string().get(value) == simdjson::SUCCESS;
      const auto digest = read ? base::digest256::from_hex(value) : std::nullopt;
      if (!digest) return blame(name);
      one(key, *digest);
    }
  }

 private:
  /// Lives until the next text is parsed.
  [[nodiscard]] std::string_view quoted(std::string_view name) {
    std::string_view found;
    if (!good() || from_[name].get_string().get(found) != simdjson::SUCCESS) blame(name);
    return found;
  }

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

/// One element of a list; it says whether it was what was asked for.
class thorough_element {
 public:
  explicit thorough_element(ondemand::value from) : from_(from) {}

  bool text(std::string& into) {
    std::string_view found;
    if (from_.get_string().get(found) != simdjson::SUCCESS) return false;
    into = found;
    return true;
  }

  bool pair(std::string& first, std::string& second) {
    ondemand::array list;
    if (from_.get_array().get(list) != simdjson::SUCCESS) return false;
    std::size_t count = 0;
    for (auto part : list) {
      ondemand::value value;
      if (count == 2 || part.get(value) != simdjson::SUCCESS) return false;
      if (!thorough_element{value}.text(count == 0 ? first : second)) return false;
      ++count;
    }
    return count == 2;
  }

  template <class F>
  bool object(F members) {
    ondemand::object found;
    if (from_.get_object().get(found) != simdjson::SUCCESS) return false;
    thorough_reader inner{found};
    members(inner);
    return inner.good();
  }

 private:
  ondemand::value from_;
};

template <class F>
void thorough_reader::each(std::string_view name, F one) {
  ondemand::array list;
  if (!good() || from_[name].get_array().get(list) != simdjson::SUCCESS) return blame(name);
  for (auto part : list) {
    ondemand::value value;
    if (part.get(value) != simdjson::SUCCESS) return blame(name);
    thorough_element element{value};
    if (!one(element)) return blame(name);
  }
}

void undo_latin1(meta& about) {
  for (auto* const one :
       {&about.id.group, &about.id.suffix, &about.fill, &about.upstream, &about.endpoint, &about.model, &about.level,
        &about.tenant_label, &about.name_space, &about.query, &about.content_type}) {
    *one = to_latin1(*one);
  }
  for (auto& tag : about.tags) tag = to_latin1(tag);
  for (auto& [name, value] : about.headers) value = to_latin1(value);
  for (auto& field : about.fields) field.name = to_latin1(field.name);
}

base::result<meta> decode_thoroughly(std::string_view text) {
  thread_local base::padded_parser parser;
  ondemand::document document;
  ondemand::object object;
  const bool opened =
      parser.open(text).get(document) == simdjson::SUCCESS && document.get_object().get(object) == simdjson::SUCCESS;
  if (!opened) return base::fail(base::errc::store_corrupt, "entry: meta is not a JSON object");
  thorough_reader from{object};
  meta about;
  read_members(from, about);
  if (!from.good())
    return base::fail(base::errc::store_corrupt, "entry: member " + from.fault() + " is missing or wrong");
  if (text.contains(latin1_member)) undo_latin1(about);
  return about;
}

}  // namespace

base::result<meta> decode_meta(std::string_view text) {
  if (text.size() > max_meta_bytes) return base::fail(base::errc::store_corrupt, "entry: meta too long");
  // What we write ends where `encode` ends it: one with the member of latin1.h is not straight.
  base::result<meta> about;
  if (decode_straight(text, *about)) return about;
  return decode_thoroughly(text);
}

}  // namespace refrain::entry
