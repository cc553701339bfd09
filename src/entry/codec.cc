#include "entry/codec.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <concepts>
#include <iterator>

#include "entry/latin1.h"
#include "entry/meta_members.h"

namespace refrain::entry {
namespace {

/// Writes JSON, member by member (meta_members.h).
class meta_writer {
 public:
  [[nodiscard]] std::string take() && { return std::move(json_); }

  void text(std::string_view name, const std::string& value) {
    begin(name);
    text(value);
  }
  void digest(std::string_view name, const base::digest256& value) {
    begin(name);
    quote(value.hex());
  }
  void word(std::string_view name, auto value, auto /*known*/) {
    begin(name);
    quote(to_string(value));
  }
  void flag(std::string_view name, bool value) {
    begin(name);
    json_ += value ? "true" : "false";
  }
  template <std::integral Int>
  void number(std::string_view name, Int value, Int /*least*/ = 0, Int /*most*/ = 0) {
    begin(name);
    fmt::format_to(std::back_inserter(json_), "{}", value);
  }
  template <std::integral Int>
  void number(std::string_view name, const std::optional<Int>& value) {
    if (value) number(name, *value);
  }
  void object(std::string_view name, auto members) {
    begin(name);
    object(members);
  }
  void each(std::string_view name, const auto& list, auto write) {
    begin(name);
    in('[', ']', [&] {
      for (const auto& one : list) {
        separate();
        write(*this, one);
      }
    });
  }
  void digests(std::string_view name, const std::vector<field_digest>& fields) {
    object(name, [&](auto& members) {
      for (const auto& field : fields) {
        members.separate();
        members.text(field.name);
        members.json_ += ':';
        members.quote(field.value.hex());
      }
    });
  }

  // Elements of a list, and the whole.

  bool text(const std::string& value) {
    json_ += boost::json::serialize(boost::json::string_view{value.data(), value.size()});
    return true;
  }
  bool pair(const std::string& first, const std::string& second) {
    in('[', ']', [&] {
      text(first);
      json_ += ',';
      text(second);
    });
    return true;
  }
  bool object(auto members) {
    in('{', '}', [&] { members(*this); });
    return true;
  }

 private:
  void separate() {
    if (!first_) json_ += ',';
    first_ = false;
  }
  void quote(std::string_view plain) { json_.append(1, '"').append(plain).append(1, '"'); }
  void begin(std::string_view name) {
    separate();
    quote(name);
    json_ += ':';
  }
  void in(char open, char close, auto inner) {
    json_ += open;
    first_ = true;
    inner();
    first_ = false;
    json_ += close;
  }

  std::string json_;
  bool first_ = true;  ///< nothing stands yet in this object or list
};

}  // namespace

std::string encode(const meta& about) {
  meta_writer out;
  out.object([&](auto& members) { walk_members(members, about); });
  auto text = std::move(out).take();
  if (is_utf8(text)) return text;
  text.back() = ',';
  return from_latin1(text).append(latin1_member).append("}");
}

}  // namespace refrain::entry
