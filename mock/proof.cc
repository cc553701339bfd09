#include "mock/proof.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "mock/json.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 9> without_effect = {"stream",   "stream_options",    "user",
                                                            "metadata", "safety_identifier", "prompt_cache_key",
                                                            "store",    "service_tier",      "cache"};

void write(const json::value& value, std::string& out);

void write(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

/// As Python's repr spells a float: the shortest digits that read back, an exponent below 1e-4 and from 1e16.
void write(double number, std::string& out) {
  if (std::nearbyint(number) == number) {
    fmt::format_to(std::back_inserter(out), "{:.0f}", number == 0 ? 0 : number);
    return;
  }
  const bool exponent = std::fabs(number) < 1e-4 || std::fabs(number) >= 1e16;
  std::array<char, 64> text;
  const auto [end, fault] = std::to_chars(text.data(), text.data() + text.size(), number,
                                          exponent ? std::chars_format::scientific : std::chars_format::fixed);
  out.append(text.data(), end);
}

void write(const json::object& object, std::string& out) {
  std::vector<const json::key_value_pair*> members;
  for (const auto& member : object) members.push_back(&member);
  std::ranges::sort(members, {}, [](const auto* member) { return std::string_view(member->key()); });
  out += '{';
  for (const auto* member : members) {
    if (out.back() != '{') out += ',';
    write(std::string_view(member->key()), out);
    out += ':';
    write(member->value(), out);
  }
  out += '}';
}

void write(const json::array& array, std::string& out) {
  out += '[';
  for (const auto& item : array) {
    if (&item != array.data()) out += ',';
    write(item, out);
  }
  out += ']';
}

void write(const json::value& value, std::string& out) {
  switch (value.kind()) {
    case json::kind::object: return write(value.get_object(), out);
    case json::kind::array: return write(value.get_array(), out);
    case json::kind::string: return write(std::string_view(value.get_string()), out);
    case json::kind::double_: return write(value.get_double(), out);
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::bool_:
    case json::kind::null: out += json::serialize(value);
  }
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return fmt::format("{:02x}", fmt::join(digest.data(), digest.data() + size, ""));
}

}  // namespace

std::string proof_of(const std::vector<form_field>& form) {
  json::object fields;
  for (const auto& field : form) {
    json::value value(field.is_file ? sha256_hex(field.bytes) : field.bytes);
    auto* const known = fields.if_contains(field.name);
    if (known == nullptr) {
      fields[field.name] = std::move(value);
    } else if (auto* const list = known->if_array()) {
      list->push_back(std::move(value));
    } else {
      *known = json::array{std::move(*known), std::move(value)};
    }
  }
  return proof_of(json::serialize(fields)).value_or("");
}

std::optional<std::string> proof_of(std::string_view body) {
  auto request = parse_json(body);
  if (!request || !request->is_object()) return std::nullopt;
  return proof_of_members(std::move(request->get_object()));
}

std::string proof_of_members(json::object request) {
  for (const auto name : without_effect) request.erase(name);
  std::string text;
  write(request, text);
  return sha256_hex(text).substr(0, 16);
}

}  // namespace refrain::mock
