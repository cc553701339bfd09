#include <fmt/format.h>

#include <charconv>
#include <concepts>
#include <cstring>
#include <limits>
#include <vector>

#include "base/utf8.h"
#include "entry/meta_members.h"

namespace refrain::entry {
namespace {

/// What a character means that stands behind a backslash.
std::optional<char> unescaped(char letter) noexcept {
  switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return std::nullopt;
  }
}

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20; }

/// Whether it means itself between quotes: ASCII, and no control, quote or backslash.
bool is_plain(char c) noexcept { return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\'; }

/// Takes JSON from its beginning, and nothing once it was other than expected.
class straight_reader {
 public:
  explicit straight_reader(std::string_view json) noexcept : at_(json.data()), end_(at_ + json.size()) {}

  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
  /// The member of the whole that was read last: where reading has ended, the one that is missing or wrong.
  [[nodiscard]] std::string_view member() const noexcept { return member_; }

  // Members, in the order in which they stand.

  void text(std::string_view name, std::string& into) {
    take_name(name);
    take_text(into);
  }

  void digest(std::string_view name, base::digest256& into) {
    take_name(name);
    take_digest(into);
  }

  template <class T, class F>
  void word(std::string_view name, T& into, F known) {
    take_name(name);
    const auto value = known(take_plain());
    good_ &= value.has_value();
    if (value) into = *value;
  }

  void flag(std::string_view name, bool& into) {
    take_name(name);
    into = skip("true");
    if (!into) take("false");
  }

  template <std::integral Int>
  void number(std::string_view name, Int& into, Int least = 0, Int most = std::numeric_limits<Int>::max()) {
    take_name(name);
    take_number(into);
    good_ &= into >= least && into <= most;
  }

  template <std::integral Int>
  void number(std::string_view name, std::optional<Int>& into) {
    if (skip_name(name)) take_number(into.emplace());
  }

  template <class F>
  void object(std::string_view name, F members) {
    take_name(name);
    object(members);
  }

  template <class T, class F>
  void object_if_any(std::string_view name, std::optional<T>& into, F members) {
    if (skip_name(name)) object([&](auto& self) { members(self, into.emplace()); });
  }

  template <class T, class F>
  void each(std::string_view name, std::vector<T>& into, F read) {
    take_name(name);
    take("[");
    if (skip("]")) return;
    do {
      good_ &= read(*this, into.emplace_back());
    } while (good_ && skip(","));
    take("]");
  }

  void digests(std::string_view name, std::vector<field_digest>& into) {
    take_name(name);
    take("{");
    if (skip("}")) return;
    into.reserve(4);
    do {
      auto& field = into.emplace_back();
      take_text(field.name);
      take(":");
      take_digest(field.value);
    } while (good_ && skip(","));
    take("}");
  }

  // Elements of a list, and the whole.

  bool text(std::string& into) {
    take_text(into);
    return good_;
  }

  bool pair(std::string& first, std::string& second) {
    take("[");
    take_text(first);
    take(",");
    take_text(second);
    take("]");
    return good_;
  }

  template <class F>
  bool object(F members) {
    take("{");
    first_ = true;
    ++depth_;
    members(*this);
    --depth_;
    first_ = false;
    take("}");
    return good_;
  }

 private:
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

  bool skip(std::string_view bytes) noexcept {
    if (!good_ || left() < bytes.size() || std::memcmp(at_, bytes.data(), bytes.size()) != 0) return false;
    at_ += bytes.size();
    return true;
  }

  void take(std::string_view bytes) noexcept { good_ = skip(bytes); }

  /// `,"name":`, without the comma before the first of an object.
  bool skip_name(std::string_view name) noexcept {
    if (good_ && depth_ == 1) member_ = name;
    const std::size_t quote = first_ ? 0 : 1;
    const std::size_t behind = quote + 1 + name.size();
    const bool there = good_ && left() >= behind + 2 && (first_ || *at_ == ',') && at_[quote] == '"' &&
                       at_[behind] == '"' && at_[behind + 1] == ':' &&
                       std::memcmp(at_ + quote + 1, name.data(), name.size()) == 0;
    if (!there) return false;
    at_ += behind + 2;
    first_ = false;
    return true;
  }

  void take_name(std::string_view name) noexcept { good_ = skip_name(name); }

  /// A text that means what stands between its quotes.
  std::string_view take_plain() noexcept {
    take("\"");
    const auto text = skip_plain();
    take("\"");
    return text;
  }

  std::string_view skip_plain() noexcept {
    const char* const from = at_;
    if (good_) {
      while (at_ != end_ && is_plain(*at_)) ++at_;
    }
    return {from, at_};
  }

  void take_digest(base::digest256& into) noexcept {
    constexpr std::size_t digits = 2 * sizeof(base::digest256);
    good_ = good_ && left() >= digits + 2 && *at_ == '"' && at_[digits + 1] == '"';
    const auto value = good_ ? base::digest256::from_hex({at_ + 1, digits}) : std::nullopt;
    good_ = value.has_value();
    if (!good_) return;
    into = *value;
    at_ += digits + 2;
  }

  void take_text(std::string& into) {
    take("\"");
    into = std::string{skip_plain()};
    if (!skip("\"")) take_rest(into);
  }

  /// The rest of a text, from the first character on that may mean another.
  void take_rest(std::string& into) {
    const char* const from = at_;
    while (good_ && at_ != end_ && *at_ != '"') {
      const char first = *at_++;
      const auto meant = first == '\\' ? take_escaped() : std::optional{first};
      good_ = meant && (first == '\\' || !is_control(first));
      if (meant) into.push_back(*meant);
    }
    good_ = good_ && base::is_utf8({from, at_});
    take("\"");
  }

  /// What follows a backslash. `encode` writes \u for control characters alone.
  std::optional<char> take_escaped() noexcept {
    if (!skip("u00")) return at_ == end_ ? std::nullopt : unescaped(*at_++);
    std::string_view digits{at_, end_};
    const auto code = base::take_hex(digits, 2);
    at_ = digits.data();
    return code && *code < 0x20 ? std::optional{static_cast<char>(*code)} : std::nullopt;
  }

  template <std::integral Int>
  void take_number(Int& into) {
    if (!good_) return;
    const auto [end, fault] = std::from_chars(at_, end_, into);
    const bool padded = end - at_ > 1 && *at_ == '0';
    const bool whole = end != end_ && (*end == ',' || *end == '}');
    good_ = fault == std::errc{} && !padded && *at_ != '-' && whole;
    at_ = end;
  }

  const char* at_;
  const char* end_;
  bool good_ = true;
  bool first_ = true;  ///< no member of this object has been taken
  int depth_ = 0;      ///< of objects
  std::string_view member_;
};

}  // namespace

base::result<void> decode_straight(std::string_view json, meta& into) {
  straight_reader from{json};
  from.object([&](auto& members) { walk_members(members, into); });
  const bool whole = from.good() && from.at_end();
  if (whole && marks_fit(into)) return {};
  return base::fail(base::errc::store_corrupt,
                    fmt::format("entry: member {} is missing or wrong", whole ? "marks" : from.member()));
}

}  // namespace refrain::entry
