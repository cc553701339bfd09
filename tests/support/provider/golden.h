#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entry/entry.h"

/// The files of tests/golden. For tests alone.
namespace refrain::provider::testing {

/// tests/golden, wherever the checkout lies.
inline std::filesystem::path golden_folder() {
  return std::filesystem::path{__FILE__}.parent_path() / ".." / ".." / "golden";
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

/// The answers in a folder by name. White space after a JSON text goes, as it says nothing.
inline std::vector<golden_answer> golden_answers(const std::filesystem::path& folder) {
  std::vector<golden_answer> answers;
  for (const auto& file : std::filesystem::directory_iterator{folder}) {
    const std::string name = file.path().filename().string();
    const auto dot = name.find('.');
    const auto form = entry::wire_form_from(name.substr(dot + 1, name.rfind('.') - dot - 1));
    if (!form) continue;
    golden_answer one{.name = name.substr(0, dot), .form = *form, .body = read_file(file.path())};
    one.is_lines = name.ends_with(".jsonl");
    one.tells_its_end = one.is_lines || name.ends_with(".json") || name.ends_with(".sse");
    if (name.ends_with(".json")) one.body.resize(one.body.find_last_not_of(" \r\n") + 1);
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

}  // namespace refrain::provider::testing
