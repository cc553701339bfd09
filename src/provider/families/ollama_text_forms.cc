#include "provider/families/ollama_text_forms.h"

#include <algorithm>
#include <array>
#include <utility>

#include "provider/json/json_tree.h"
#include "provider/rules/delta_merge.h"
#include "provider/rules/json_lines.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Members that go on from line to line, of a message and of an answer to a prompt.
constexpr std::array<std::string_view, 3> texts{"content", "response", "thinking"};
constexpr std::array<std::string_view, 2> lists{"logprobs", "tool_calls"};

bool is_any_of(std::string_view name, const auto& names) { return std::ranges::find(names, name) != names.end(); }

std::unexpected<base::error> cannot(std::string_view why) {
  return base::fail(base::errc::not_found, "this answer cannot take its other form: " + std::string{why});
}

bool add_text(json_tree& known, json_tree&& text) {
  if (text.is_null()) return true;
  if (!text.is(kind::string) || !(known.is_null() || known.is(kind::string))) return false;
  if (known.is_null()) known = json_tree::string("");
  known.text.append(text.text);
  return true;
}

bool add_members(json_tree& known, json_tree&& more) {
  if (!more.is(kind::object) || known.members.size() > max_merged_parts) return false;
  for (auto& [name, value] : more.members) {
    json_tree& member = known[name];
    if (is_any_of(name, texts)) {
      if (!add_text(member, std::move(value))) return false;
    } else if (is_any_of(name, lists)) {
      if (!append_arrays(member, std::move(value))) return false;
    } else if (name == "message" && !value.is_null()) {
      if (member.is_null()) member = json_tree::object();
      if (!member.is(kind::object) || !add_members(member, std::move(value))) return false;
    } else if (!value.is_null()) {
      member = std::move(value);
    }
  }
  return true;
}

/// What is left of a message once it has been said: whose it is, and that nothing more is.
json_tree emptied(const json_tree& message) {
  auto rest = json_tree::object();
  for (const auto& [name, value] : message.members) {
    if (name == "role") rest[name] = value;
    if (name == "content") rest[name] = json_tree::string("");
  }
  return rest;
}

}  // namespace

base::result<std::string> merge_ollama_lines(std::string_view lines) {
  auto answer = json_tree::object();
  const bool whole = all_lines(lines, [&](std::string_view line) {
    auto one = json_tree::parse(line);
    return one && add_members(answer, *std::move(one));
  });
  if (!whole) return cannot("two of its lines do not go together");
  std::string body;
  answer.write(body);
  return body;
}

base::result<std::string> split_ollama_answer(std::string_view plain) {
  auto answer = json_tree::parse(plain);
  if (!answer || !answer->is(kind::object)) return cannot("it is no JSON object");
  auto said = json_tree::object();
  auto end = json_tree::object();
  for (auto& [name, value] : answer->members) {
    if (name == "model" || name == "created_at") {
      said[name] = value;
      end[name] = std::move(value);
    } else if (name == "message" && value.is(kind::object)) {
      end[name] = emptied(value);
      said[name] = std::move(value);
    } else if (name == "response" && value.is(kind::string)) {
      end[name] = json_tree::string("");
      said[name] = std::move(value);
    } else if (is_any_of(name, texts) || is_any_of(name, lists)) {
      said[name] = std::move(value);
    } else {
      end[name] = std::move(value);
    }
  }
  said["done"] = json_tree::scalar("false");
  std::string out;
  said.write(out);
  out.push_back('\n');
  end.write(out);
  out.push_back('\n');
  return out;
}

}  // namespace refrain::provider
