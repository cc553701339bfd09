#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"
#include "provider/dialect.h"
#include "provider/multipart.h"

/// What this folder's tests share. For tests alone.
namespace refrain::provider::testing {

using random_source = std::mt19937_64;

/// tests/golden, wherever the checkout lies.
inline std::filesystem::path golden_folder() {
  return std::filesystem::path{__FILE__}.parent_path() / ".." / ".." / "tests" / "golden";
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// An answer on file: `<name>.<form>.<kind>`, the kind `json`, `sse`, `jsonl`, or any other for bytes or a text.
struct golden_answer {
  std::string name;
  entry::wire_form form = entry::wire_form::plain;
  std::string body;
  bool tells_its_end = true;  ///< JSON, events and lines do; of others only the framing can tell where they end
  bool is_lines = false;      ///< but between two lines only the framing can
};

/// A JSON text without the white space after it, which says nothing.
inline std::string read_json(const std::filesystem::path& path) {
  std::string text = read_file(path);
  text.resize(text.find_last_not_of(" \r\n") + 1);
  return text;
}

/// The answers in a folder by name.
inline std::vector<golden_answer> golden_answers(const std::filesystem::path& folder) {
  std::vector<golden_answer> answers;
  for (const auto& file : std::filesystem::directory_iterator{folder}) {
    const std::string name = file.path().filename().string();
    const auto dot = name.find('.');
    const auto form = entry::wire_form_from(name.substr(dot + 1, name.rfind('.') - dot - 1));
    if (!form) continue;
    golden_answer one{.name = name.substr(0, dot), .form = *form};
    one.body = name.ends_with(".json") ? read_json(file.path()) : read_file(file.path());
    one.is_lines = name.ends_with(".jsonl");
    one.tells_its_end = one.is_lines || name.ends_with(".json") || name.ends_with(".sse");
    answers.push_back(std::move(one));
  }
  std::ranges::sort(answers, {}, [](const golden_answer& one) { return std::pair{one.name, one.form}; });
  return answers;
}

/// A request on file: `<name>.request.json`, or a form as `<name>.request.multipart` with its Content-Type on the one
/// line of `<name>.request.type`. Where it is sent stands on the one line of `<name>.request.target`.
struct golden_request {
  std::string body;
  std::string content_type = "application/json";
  std::string target{};  ///< path and query; empty: the path of the row

  [[nodiscard]] bool is_json() const { return content_type == "application/json"; }
};

/// The one line of a file beside another; empty where there is none.
inline std::string line_beside(std::filesystem::path path, std::string_view extension) {
  std::string line = read_file(path.replace_extension(extension));
  line.resize(line.find_last_not_of(" \r\n") + 1);
  return line;
}

inline std::vector<golden_request> golden_requests(const std::filesystem::path& folder) {
  std::vector<golden_request> requests;
  for (const auto& file : std::filesystem::directory_iterator{folder}) {
    const auto& path = file.path();
    const std::string name = path.filename().string();
    const bool is_form = name.ends_with(".request.multipart");
    if (!is_form && !name.ends_with(".request.json")) continue;
    golden_request one{.body = read_file(path), .target = line_beside(path, ".target")};
    if (is_form) one.content_type = line_beside(path, ".type");
    requests.push_back(std::move(one));
  }
  return requests;
}

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
  auto judged = reader->finish();
  EXPECT_EQ(reader->whole(), body.size());
  return judged;
}

inline verdict read_at_once(const dialect& wire, entry::wire_form form, std::string_view body) {
  return read_in_pieces(wire, form, body, {});
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

/// The same value, written with other white space, escapes, spelling of integers, and its members in another order.
inline std::string respell(const boost::json::value& value, random_source& random) {
  std::vector<std::string> parts;
  if (const auto* const array = value.if_array()) {
    for (const auto& element : *array) parts.push_back(respell(element, random));
  } else if (const auto* const object = value.if_object()) {
    for (const auto& [name, member] : *object) {
      parts.push_back(respell_string(name, random) + blanks(random) + ":" + respell(member, random));
    }
    std::ranges::shuffle(parts, random);
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
