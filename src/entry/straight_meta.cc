#include "entry/straight_meta.h"

#include <charconv>
#include <concepts>
#include <cstring>

#include "entry/latin1.h"
#include "entry/meta_members.h"

namespace refrain::entry {
namespace {

/// What a character means that stands behind a backslash; nothing for those of \u, which `encode` writes for rare
/// control characters alone.
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

/// Whether a text between quotes is what it means: ASCII without controls and backslashes.
bool is_plain(std::string_view text) noexcept {
  bool odd = false;
  for (const auto c : text) odd |= static_cast<signed char>(c) < 0x20 || c == '\\';
  return !odd;
}

/// Takes JSON from its beginning, and nothing once it was other than expected.
class straight_reader {
 public:
  explicit straight_reader(std::string_view json) noexcept : at_(json.data()), end_(at_ + json.size()) {}

  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
  void blame(std::string_view /*name*/) noexcept { good_ = false; }

  // Members, in the order in which they stand.

  void text(std::string_view name, std::string& into) {
    take_name(name);
    take_text(into);
  }

  void digest(std::string_view name, base::digest256& into) {
    take_name(name);
    const auto value = base::digest256::from_hex(take_plain());
    good_ &= value.has_value();
    if (value) into = *value;
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

  template <class F>
  void each(std::string_view name, F one) {
    take_name(name);
    take("[");
    if (skip("]")) return;
    do {
      good_ &= one(*this);
    } while (good_ && skip(","));
    take("]");
  }

  template <class F>
  void every(std::string_view name, F one) {
    take_name(name);
    take("{");
    if (skip("}")) return;
    std::string member;
    do {
      take_text(member);
      take(":");
      const auto value = take_plain();
      good_ = good_ && one(member, value);
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
    members(*this);
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

  bool skip_name(std::string_view name) noexcept {
    const auto* const before = at_;
    const bool there = (first_ || skip(",")) && skip("\"") && skip(name) && skip("\":");
    if (!there) at_ = before;
    first_ = first_ && !there;
    return there;
  }

  void take_name(std::string_view name) noexcept { good_ = skip_name(name); }

  /// What stands between quotes, as it stands there.
  std::string_view take_quoted() noexcept {
    take("\"");
    const char* from = at_;
    while (good_) {
      const void* const quote = std::memchr(at_, '"', left());
      good_ = quote != nullptr;
      if (!good_) break;
      at_ = static_cast<const char*>(quote) + 1;
      const char* before = at_ - 1;
      while (before != from && before[-1] == '\\') --before;
      if ((at_ - 1 - before) % 2 == 0) return {from, at_ - 1};
    }
    return {};
  }

  /// A text that nothing in is escaped, such as digits.
  std::string_view take_plain() noexcept {
    const auto text = take_quoted();
    good_ &= is_plain(text);
    return text;
  }

  void take_text(std::string& into) {
    const auto quoted = take_quoted();
    if (is_plain(quoted)) {
      into.assign(quoted);
    } else {
      unescape(quoted, into);
    }
  }

  void unescape(std::string_view quoted, std::string& into) {
    into.clear();
    good_ &= is_utf8(quoted);
    for (std::size_t i = 0; good_ && i < quoted.size(); ++i) {
      const bool escaped = quoted[i] == '\\';
      const auto meant = escaped ? unescaped(quoted[++i]) : quoted[i];
      good_ = meant && (escaped || static_cast<unsigned char>(*meant) >= ' ');
      if (meant) into.push_back(*meant);
    }
  }

  template <std::integral Int>
  void take_number(Int& into) {
    if (!good_) return;
    const auto [end, fault] = std::from_chars(at_, end_, into);
    const bool padded = end - at_ > 1 && *at_ == '0';
    good_ = fault == std::errc{} && !padded && into >= 0;
    at_ = end;
  }

  const char* at_;
  const char* end_;
  bool good_ = true;
  bool first_ = true;  ///< no member of this object has been taken
};

}  // namespace

std::optional<meta> decode_straight(std::string_view json) {
  straight_reader from{json};
  std::optional<meta> about{std::in_place};
  from.object([&](auto& members) { read_members(members, *about); });
  if (!from.good() || !from.at_end()) about.reset();
  return about;
}

}  // namespace refrain::entry
