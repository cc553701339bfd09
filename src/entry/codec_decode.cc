#include <simdjson.h>

#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/padded_parser.h"
#include "entry/codec.h"
#include "entry/latin1.h"
#include "entry/meta_members.h"
#include "entry/straight_meta.h"

namespace refrain::entry {
namespace {

namespace ondemand = simdjson::ondemand;

/// Reads members of one object (meta_members.h) wherever they stand, and remembers the first that is missing or wrong;
/// after it, it reads no more, as simdjson wants it. Quick where they stand in the order in which they are asked for.
class thorough_reader {
 public:
  explicit thorough_reader(ondemand::object from) : from_(from) {}

  [[nodiscard]] bool good() const noexcept { return fault_.empty(); }
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  void blame(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }

  void text(std::string_view name, std::string& into) { into = take<std::string_view>(name).value_or(""); }

  void flag(std::string_view name, bool& into) { into = take<bool>(name).value_or(false); }

  void digest(std::string_view name, base::digest256& into) { word(name, into, base::digest256::from_hex); }

  /// What `known` makes of a text, which may be nothing.
  template <class T, class F>
  void word(std::string_view name, T& into, F known) {
    const auto value = known(take<std::string_view>(name).value_or(""));
    if (!value) return blame(name);
    into = *value;
  }

  template <std::integral Int>
  void number(std::string_view name, Int& into, Int least = 0, Int most = std::numeric_limits<Int>::max()) {
    auto there = take<ondemand::value>(name);
    const auto read = there ? number_in<Int>(*there, least, most) : std::nullopt;
    if (!read) return blame(name);
    into = *read;
  }

  template <std::integral Int>
  void number(std::string_view name, std::optional<Int>& into) {
    ondemand::value there;
    const auto fault = good() ? from_[name].get(there) : simdjson::NO_SUCH_FIELD;
    if (fault == simdjson::NO_SUCH_FIELD) return;
    if (fault == simdjson::SUCCESS) into = number_in<Int>(there, 0, std::numeric_limits<Int>::max());
    if (!into) blame(name);
  }

  template <class F>
  void object(std::string_view name, F members) {
    const auto found = take<ondemand::object>(name);
    if (found && !read(*found, members)) blame(name);
  }

  template <class T, class F>
  void each(std::string_view name, std::vector<T>& into, F take_one);

  void digests(std::string_view name, std::vector<field_digest>& into) {
    auto members = take<ondemand::object>(name);
    if (!members) return;
    for (auto member : *members) {
      std::string_view key;
      std::string_view value;
      const bool read = member.unescaped_key().get(key) == simdjson::SUCCESS &&
                        member.value().get_string().get(value) == simdjson::SUCCESS;
      const auto digest = read ? base::digest256::from_hex(value) : std::nullopt;
      if (!digest) return blame(name);
      into.push_back({.name = std::string{key}, .value = *digest});
    }
  }

  /// Whether all was as it was asked for.
  template <class F>
  static bool read(ondemand::object from, F members) {
    thorough_reader inner{from};
    members(inner);
    return inner.good();
  }

 private:
  /// The member's value, where it is there and of that type. A text lives until the next one is parsed.
  template <class T>
  [[nodiscard]] std::optional<T> take(std::string_view name) {
    T found{};
    if (good() && from_[name].get(found) == simdjson::SUCCESS) return found;
    blame(name);
    return std::nullopt;
  }

  template <std::integral Int>
  static std::optional<Int> number_in(ondemand::value value, Int least, Int most) {
    std::conditional_t<std::is_signed_v<Int>, std::int64_t, std::uint64_t> wide = 0;
    const bool read = value.get(wide) == simdjson::SUCCESS && std::in_range<Int>(wide);
    const auto number = static_cast<Int>(wide);
    return read && number >= least && number <= most ? std::optional{number} : std::nullopt;
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
    return from_.get_object().get(found) == simdjson::SUCCESS && thorough_reader::read(found, members);
  }

 private:
  ondemand::value from_;
};

template <class T, class F>
void thorough_reader::each(std::string_view name, std::vector<T>& into, F take_one) {
  auto list = take<ondemand::array>(name);
  if (!list) return;
  for (auto part : *list) {
    ondemand::value value;
    if (part.get(value) != simdjson::SUCCESS) return blame(name);
    thorough_element element{value};
    if (!take_one(element, into.emplace_back())) return blame(name);
  }
}

base::result<meta> decode_thoroughly(std::string_view text) {
  // Reading on demand takes the form of what it skips for granted, and loses its way in what is no JSON.
  thread_local simdjson::dom::parser whole;
  const bool is_json = whole.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
  if (!is_json) return base::fail(base::errc::store_corrupt, "entry: meta is not a JSON object");
  thread_local base::padded_parser parser;
  ondemand::document document;
  ondemand::object object;
  const bool opened =
      parser.open(text).get(document) == simdjson::SUCCESS && document.get_object().get(object) == simdjson::SUCCESS;
  if (!opened) return base::fail(base::errc::store_corrupt, "entry: meta is not a JSON object");
  thorough_reader from{object};
  meta about;
  walk_members(from, about);
  if (!marks_fit(about)) from.blame("marks");
  if (!from.good())
    return base::fail(base::errc::store_corrupt, "entry: member " + from.fault() + " is missing or wrong");
  if (text.contains(latin1_member)) {
    each_text(about, [](std::string& one) { one = to_latin1(one); });
  }
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
