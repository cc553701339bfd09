#include "provider/json/canonical.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/padded_parser.h"
#include "provider/json/decimal.h"

namespace refrain::provider {
namespace {

namespace ondemand = simdjson::ondemand;

/// Memory for values that is kept between texts; what a larger one took is given back at the next.
constexpr std::size_t kept_bytes = std::size_t{256} * 1024;

/// Of the member that notes the order of the others. It is no UTF-8, so no text has it.
constexpr std::string_view name_of_order = "\xff";

/// An object's member while the object is being written: where it stands in the output.
struct span_of_member {
  std::size_t begin;
  std::size_t end;
  std::size_t name_length;
};

void put_length(std::string& out, std::size_t at, std::size_t length) noexcept {
  for (std::size_t i = 0; i < sizeof(std::uint32_t); ++i) out[at + i] = static_cast<char>(length >> (8 * i));
}

/// The closing quote of a string, given what follows the opening one; simdjson has seen to it that there is one.
const char* closing_quote(const char* text) noexcept {
  while (*text != '"') text += *text == '\\' ? 2 : 1;
  return text;
}

bool has_escapes(std::string_view text) noexcept {
  return !text.empty() && std::memchr(text.data(), '\\', text.size()) != nullptr;
}

/// Whether a string that simdjson could not unescape is at fault with its surrogates alone: every escape is one of
/// JSON's.
bool escapes_are_spelt_right(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') continue;
    ++at;
    if (at == text.size()) return false;
    if (std::string_view{"\"\\/bfnrt"}.contains(text[at])) continue;
    const auto digits = text.substr(at + 1, 4);
    if (text[at] != 'u' || digits.size() < 4) return false;
    if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) return false;
  }
  return true;
}

uncacheable_reason meaning_of(simdjson::error_code fault) noexcept {
  return fault == simdjson::UTF8_ERROR ? uncacheable_reason::ambiguous_body : uncacheable_reason::malformed_body;
}

}  // namespace

/// Walks a text once and writes its canonical form. What writes a part of it returns false at a fault, which is kept.
class canonicaliser::writer {
 public:
  uncacheable_reason write(std::string_view json, const json_place* where) {
    reset();
    if (json.size() >= std::numeric_limits<std::uint32_t>::max() / 4) return uncacheable_reason::too_large;
    ondemand::document document;
    if (const auto fault = parser_.open(json).get(document)) return meaning_of(fault);
    write_root(document, where);
    parser_.trim();
    return why_not_;
  }

  [[nodiscard]] std::string_view written() const noexcept { return out_; }

 private:
  bool fail(uncacheable_reason why) noexcept {
    why_not_ = why;
    return false;
  }
  bool fail(simdjson::error_code fault) noexcept { return fail(meaning_of(fault)); }
  /// A string that simdjson could not unescape.
  bool fail_at_escapes(std::string_view spelt) noexcept {
    return fail(escapes_are_spelt_right(spelt) ? uncacheable_reason::ambiguous_body
                                               : uncacheable_reason::malformed_body);
  }

  void reset() {
    why_not_ = uncacheable_reason::none;
    out_.clear();
    members_.clear();
    if (out_.capacity() > kept_bytes) out_.shrink_to_fit();
    if (unsorted_.capacity() > kept_bytes) std::string().swap(unsorted_);
    if (members_.capacity() > kept_bytes / sizeof(span_of_member)) members_.shrink_to_fit();
  }

  bool write_root(ondemand::document& document, const json_place* where) {
    ondemand::json_type type{};
    if (const auto fault = document.type().get(type)) return fail(fault);
    const bool is_nested = type == ondemand::json_type::object || type == ondemand::json_type::array;
    if (!is_nested) return fail(uncacheable_reason::malformed_body);
    const bool is_object = type == ondemand::json_type::object;
    if (!(is_object ? write_object(document, 1, where) : write_array(document, 1, where))) return false;
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end || fail(uncacheable_reason::malformed_body);
  }

  bool write_value(ondemand::value value, unsigned depth, const json_place* where) {
    const std::string_view token = value.raw_json_token();
    switch (token.empty() ? '\0' : token.front()) {
      case '"': return write_string(value, base::without_space(token));
      case '{': return write_object(value, depth + 1, where);
      case '[': return write_array(value, depth + 1, where);
      case 't':
      case 'f':
      case 'n': return write_literal(base::without_space(token));
      default: return write_number(base::without_space(token));
    }
  }

  bool write_object(auto& holder, unsigned depth, const json_place* where) {
    ondemand::object object;
    if (const auto fault = holder.get_object().get(object)) return fail(fault);
    if (depth > max_json_depth) return fail(uncacheable_reason::too_deep);
    const std::size_t content = open(json_kind::object);
    const std::size_t first_member = members_.size();
    for (auto item : object) {
      ondemand::field field;
      if (const auto fault = std::move(item).get(field)) return fail(fault);
      if (!write_member(field, depth, where)) return false;
    }
    if (!sort_members(first_member, where != nullptr && where->in_order)) return false;
    members_.resize(first_member);
    close(content);
    return true;
  }

  bool write_array(auto& holder, unsigned depth, const json_place* where) {
    ondemand::array array;
    if (const auto fault = holder.get_array().get(array)) return fail(fault);
    if (depth > max_json_depth) return fail(uncacheable_reason::too_deep);
    const std::size_t content = open(json_kind::array);
    for (auto item : array) {
      ondemand::value value;
      if (const auto fault = std::move(item).get(value)) return fail(fault);
      if (!write_value(value, depth, where)) return false;
    }
    close(content);
    return true;
  }

  bool write_member(ondemand::field& field, unsigned depth, const json_place* where) {
    span_of_member member{.begin = out_.size(), .end = 0, .name_length = 0};
    const std::size_t name = open_length();
    if (!write_name(field)) return false;
    close(name);
    member.name_length = out_.size() - name;
    const auto* const below = where != nullptr ? where->below(std::string_view{out_}.substr(name)) : nullptr;
    if (!write_value(field.value(), depth, below)) return false;
    member.end = out_.size();
    members_.push_back(member);
    return true;
  }

  bool write_name(ondemand::field& field) {
    const char* const begin = field.key().raw();
    std::string_view name{begin, static_cast<std::size_t>(closing_quote(begin) - begin)};
    if (has_escapes(name) && field.unescaped_key().get(name)) return fail_at_escapes(name);
    out_.append(name);
    return true;
  }

  bool write_string(ondemand::value& value, std::string_view quoted) {
    std::string_view text = quoted.substr(1, quoted.size() - 2);
    const std::size_t content = open(json_kind::string);
    if (has_escapes(text)) {
      if (value.get_string().get(text)) return fail_at_escapes(text);
    } else if (const auto fault = value.get_raw_json_string().error()) {
      // Taken, lest simdjson reads a string before a colon as a name when it goes on.
      return fail(fault);
    }
    out_.append(text);
    close(content);
    return true;
  }

  bool write_number(std::string_view token) {
    const std::size_t content = open(json_kind::number);
    switch (append_decimal(token, out_)) {
      case decimal_fault::none: break;
      case decimal_fault::not_a_number: return fail(uncacheable_reason::malformed_body);
      case decimal_fault::exponent_too_large: return fail(uncacheable_reason::ambiguous_body);
    }
    close(content);
    return true;
  }

  bool write_literal(std::string_view token) {
    if (token != "null" && token != "true" && token != "false") return fail(uncacheable_reason::malformed_body);
    out_.push_back(token.front());
    return true;
  }

  /// Brings the members of the object that ends here, from `first_member` on, into the order of their names. What their
  /// order was, where that was another, is noted if it means something.
  bool sort_members(std::size_t first_member, bool in_order) {
    const auto members = std::span{members_}.subspan(first_member);
    if (members.size() < 2) return true;
    const std::size_t base = members.front().begin;
    const auto name_in = [](const std::string& bytes, std::size_t start) {
      return [&bytes, start](const span_of_member& member) {
        return std::string_view{bytes}.substr(member.begin - start + sizeof(std::uint32_t), member.name_length);
      };
    };
    if (!std::ranges::is_sorted(members, {}, name_in(out_, 0))) {
      unsorted_.assign(out_, base);
      std::ranges::sort(members, {}, name_in(unsorted_, base));
      out_.resize(base);
      for (auto& member : members) {
        const std::size_t size = member.end - member.begin;
        const std::size_t from = std::exchange(member.begin, out_.size()) - base;
        out_.append(unsorted_, from, size);
        member.end = from;
      }
    } else {
      in_order = false;
    }
    const auto twin = std::ranges::adjacent_find(members, {}, name_in(out_, 0));
    if (twin != members.end()) return fail(uncacheable_reason::ambiguous_body);
    if (in_order) note_order(members);
    return true;
  }

  /// Adds the member that notes where each had been: `end` says it.
  void note_order(std::span<const span_of_member> members) {
    const std::size_t name = open_length();
    out_.append(name_of_order);
    close(name);
    const std::size_t content = open(json_kind::string);
    for (const auto& member : members) put_length(out_, open_length() - sizeof(std::uint32_t), member.end);
    close(content);
  }

  std::size_t open(json_kind kind) {
    out_.push_back(static_cast<char>(kind));
    return open_length();
  }
  std::size_t open_length() {
    out_.append(sizeof(std::uint32_t), '\0');
    return out_.size();
  }
  void close(std::size_t content) { put_length(out_, content - sizeof(std::uint32_t), out_.size() - content); }

  base::padded_parser parser_;
  uncacheable_reason why_not_ = uncacheable_reason::none;
  std::string out_;
  std::string unsorted_;
  std::vector<span_of_member> members_;  // of all objects that are being written, outermost first
};

canonicaliser::canonicaliser() : writer_(std::make_unique<writer>()) {}
canonicaliser::~canonicaliser() = default;

std::expected<canonical_value, uncacheable_reason> canonicaliser::read(std::string_view json, const json_place* where) {
  if (const auto why = writer_->write(json, where); why != uncacheable_reason::none) return std::unexpected(why);
  return canonical_value{writer_->written()};
}

canonicaliser& canonicaliser::of_thread() {
  thread_local canonicaliser kept;
  return kept;
}

}  // namespace refrain::provider
