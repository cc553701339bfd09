#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"
#include "provider/rules/dialect.h"
#include "provider/rules/multipart.h"
#include "support/provider/golden.h"

/// What this folder's tests share. For tests alone.
namespace refrain::provider::testing {

using random_source = std::mt19937_64;

/// Feeds a whole answer in pieces that end at `cuts`, ascending.
inline verdict read_in_pieces(const dialect& wire, entry::wire_form form, std::string_view body,
                              std::span<const std::size_t> cuts) {
  const auto reader = wire.read_answer(form);
  std::size_t done = 0;
  std::uint64_t whole = 0;
  const auto feed = [&](std::size_t end) {
    reader->feed(body.substr(done, end - done));
    done = end;
    EXPECT_GE(reader->whole(), whole);
    whole = reader->whole();
    EXPECT_LE(whole, done);
  };
  for (const std::size_t cut : cuts) feed(cut);
  feed(body.size());
  auto judged = reader->finish(body);
  EXPECT_EQ(reader->whole(), body.size());
  return judged;
}

inline verdict read_at_once(const dialect& wire, entry::wire_form form, std::string_view body) {
  return read_in_pieces(wire, form, body, {});
}

/// What a dialect that keys no path makes of a request's body.
inline entry::parsed_request parsed_of(const dialect& wire, std::string_view body) {
  return wire.read({.path = {}, .query = {}, .body = body});
}

/// The body of a plain recording as a stream.
inline base::result<std::string> split(const dialect& wire, std::string_view plain, bool wants_usage = false) {
  auto turned =
      wire.render({.form = entry::wire_form::plain, .body = plain, .marks = {}}, entry::wire_form::stream, wants_usage);
  if (!turned) return base::fail(std::move(turned).error());
  return std::move(turned->body);
}

/// The body of a recorded stream as a plain answer.
inline base::result<std::string> merge(const dialect& wire, std::string_view stream) {
  auto turned =
      wire.render({.form = entry::wire_form::stream, .body = stream, .marks = {}}, entry::wire_form::plain, false);
  if (!turned) return base::fail(std::move(turned).error());
  return std::move(turned->body);
}

inline std::size_t pick(random_source& random, std::size_t below) {
  return std::uniform_int_distribution<std::size_t>{0, below - 1}(random);
}

inline std::string blanks(random_source& random) {
  static constexpr std::string_view kinds = " \t\r\n";
  std::string out;
  while (pick(random, 3) == 0) out.push_back(kinds[pick(random, kinds.size())]);
  return out;
}

/// A string's spelling with some ASCII characters escaped that need not be.
inline std::string respell_string(std::string_view text, random_source& random) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || (byte < 0x80 && (c == '"' || c == '\\' || pick(random, 8) == 0))) {
      out.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  return out + '"';
}

inline std::string respell_integer(std::string digits, random_source& random) {
  switch (pick(random, 4)) {
    case 0: return digits + ".0";
    case 1: return digits == "0" ? "-0" : digits + "0e-1";
    case 2: return digits + "E+00";
    default: return digits;
  }
}

/// The same value, written with other white space, escapes, spelling of integers, and its members in another order, but
/// for a schema's `properties` (json_place.h).
inline std::string respell(const boost::json::value& value, random_source& random, bool in_order = false) {
  std::vector<std::string> parts;
  if (const auto* const array = value.if_array()) {
    for (const auto& element : *array) parts.push_back(respell(element, random));
  } else if (const auto* const object = value.if_object()) {
    for (const auto& [name, member] : *object) {
      parts.push_back(respell_string(name, random) + blanks(random) + ":" +
                      respell(member, random, name == "properties"));
    }
    if (!in_order) std::ranges::shuffle(parts, random);
  } else if (const auto* const text = value.if_string()) {
    return blanks(random) + respell_string(*text, random) + blanks(random);
  } else if (value.is_int64() || value.is_uint64()) {
    return blanks(random) + respell_integer(boost::json::serialize(value), random) + blanks(random);
  } else {
    return blanks(random) + boost::json::serialize(value) + blanks(random);
  }
  std::string out = blanks(random) + (value.is_array() ? "[" : "{") + blanks(random);
  for (std::size_t i = 0; i < parts.size(); ++i) out.append(i == 0 ? "" : ",").append(blanks(random)).append(parts[i]);
  return out + blanks(random) + (value.is_array() ? "]" : "}") + blanks(random);
}

/// A part of a form, to be changed and put together anew.
struct form_part {
  std::string name;
  bool is_file = false;
  std::string type{};
  std::string bytes{};
};

/// The parts of a form; none where it is none.
inline std::vector<form_part> form_parts(std::string_view body, std::string_view content_type) {
  std::vector<form_part> parts;
  const auto read = read_multipart(content_type, body);
  if (!read) return parts;
  for (const auto& [name, is_file, type, bytes] : *read) {
    parts.push_back({std::string(name), is_file, std::string(type), std::string(bytes)});
  }
  return parts;
}

inline std::string form_of(const std::vector<form_part>& parts, const std::string& boundary,
                           const std::string& file_name) {
  std::string body;
  for (const auto& part : parts) {
    body += "--" + boundary + "\r\ncontent-disposition:form-data;name=\"" + part.name + '"';
    if (part.is_file) body += "; filename=\"" + file_name + '"';
    if (!part.type.empty()) body += "\r\nCONTENT-TYPE: " + part.type;
    body += "\r\n\r\n" + part.bytes + "\r\n";
  }
  return body + "--" + boundary + "--";
}

}  // namespace refrain::provider::testing
