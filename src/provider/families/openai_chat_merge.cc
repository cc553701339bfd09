#include "provider/families/openai_chat_merge.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/sse.h"
#include "provider/json/json_tree.h"
#include "provider/rules/delta_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

std::unexpected<base::error> cannot(std::string_view why) {
  return base::fail(base::errc::not_found, "this stream cannot become a plain answer: " + std::string{why});
}

/// Gathers a stream's chunks into one answer.
class gathering {
 public:
  explicit gathering(const openai_choices_shape& shape) : shape_(shape) {}

  /// False where the chunk does not go together with the earlier ones.
  bool add(json_tree&& chunk) {
    if (!chunk.is(kind::object) || answer_.members.size() > max_merged_parts) return false;
    for (auto& [name, value] : chunk.members) {
      if (name == "obfuscation") continue;
      json_tree& known = answer_[name];
      if (name == "choices") {
        if (known.is_null()) known = json_tree::array();
        if (!add_choices(known.elements, std::move(value))) return false;
      } else if (!value.is_null()) {
        known = std::move(value);
      }
    }
    return true;
  }

  /// The answer; nothing where there is no choice in it.
  std::optional<std::string> finish() && {
    auto* const choices = answer_.find("choices");
    if (choices == nullptr || choices->elements.empty()) return std::nullopt;
    for (auto& choice : choices->elements) finish_choice(choice);
    answer_["object"] = json_tree::string(std::string{shape_.plain_object});
    if (const auto* const usage = answer_.find("usage"); usage != nullptr && usage->is_null()) answer_.erase("usage");
    std::string body;
    answer_.write(body);
    return body;
  }

 private:
  static std::string_view index_of(const json_tree& choice) {
    const auto* const index = choice.find("index");
    return index == nullptr ? "0" : std::string_view{index->text};
  }

  static bool comes_before(std::string_view index, std::string_view other) {
    return index.size() != other.size() ? index.size() < other.size() : index < other;
  }

  bool add_choices(std::vector<json_tree>& choices, json_tree&& parts) const {
    if (parts.is_null()) return true;
    if (!parts.is(kind::array)) return false;
    for (auto& part : parts.elements) {
      if (!part.is(kind::object)) return false;
      auto at = std::ranges::find_if_not(
          choices, [&](const json_tree& one) { return comes_before(index_of(one), index_of(part)); });
      if (at == choices.end() || index_of(*at) != index_of(part)) at = choices.insert(at, json_tree::object());
      if (!add_choice(*at, std::move(part))) return false;
    }
    return true;
  }

  bool add_choice(json_tree& choice, json_tree&& part) const {
    for (auto& [name, value] : part.members) {
      const bool is_part = name == shape_.stream_part;
      json_tree& known = choice[is_part ? shape_.plain_part : std::string_view{name}];
      if (is_part) {
        if (!value.is_null() && !value.is(says_in_text() ? kind::string : kind::object)) return false;
        if (!merge_delta(known, std::move(value))) return false;
      } else if (name == "logprobs") {
        if (!append_arrays(known, std::move(value))) return false;
      } else if (!value.is_null()) {
        known = std::move(value);
      }
    }
    return true;
  }

  /// What a message always has and a stream may leave out; and what only streams have.
  void finish_choice(json_tree& choice) const {
    if (choice.find("index") == nullptr) choice["index"] = json_tree::scalar("0");
    json_tree& message = choice[shape_.plain_part];
    if (says_in_text()) {
      if (message.is_null()) message = json_tree::string("");
      return;
    }
    if (message.is_null()) message = json_tree::object();
    if (message.find("role") == nullptr) message["role"] = json_tree::string("assistant");
    if (message.find("content") == nullptr) message["content"] = json_tree{};
    if (auto* const calls = message.find("tool_calls")) {
      for (auto& call : calls->elements) call.erase("index");
    }
  }

  /// A completion's choice holds its text as it is.
  [[nodiscard]] bool says_in_text() const { return shape_.plain_part == shape_.stream_part; }

  const openai_choices_shape& shape_;
  json_tree answer_ = json_tree::object();
};

}  // namespace

base::result<std::string> merge_openai_chat_stream(std::string_view stream, const openai_choices_shape& shape) {
  gathering gathered{shape};
  base::sse_parser parser{base::byte_count{stream.size()}};
  parser.feed(stream);
  parser.finish();
  while (const auto event = parser.next()) {
    if (event->data == "[DONE]") break;
    auto chunk = json_tree::parse(event->data);
    if (!chunk) return cannot("a chunk is not JSON");
    if (!gathered.add(*std::move(chunk))) return cannot("two of its values do not go together");
  }
  auto body = std::move(gathered).finish();
  if (!body) return cannot("it has no choice");
  return *std::move(body);
}

}  // namespace refrain::provider
