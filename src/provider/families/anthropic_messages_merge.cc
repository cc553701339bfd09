#include "provider/families/anthropic_messages_merge.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/sse.h"
#include "base/text.h"
#include "provider/json/canonical.h"
#include "provider/json/json_tree.h"
#include "provider/rules/delta_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

std::unexpected<base::error> cannot(std::string_view why) {
  return base::fail(base::errc::not_found, "this stream cannot become a plain answer: " + std::string{why});
}

/// A member that is a string, as it is spelt; empty where there is none.
std::string_view text_of(const json_tree& object, std::string_view name) {
  const auto* const found = object.find(name);
  return found != nullptr && found->is(kind::string) ? std::string_view{found->text} : std::string_view{};
}

/// Puts in what is not null; what is null only where nothing stands yet.
void replace(json_tree& whole, std::string_view name, json_tree&& value) {
  json_tree& known = whole[name];
  if (!value.is_null()) known = std::move(value);
}

bool join(json_tree& block, std::string_view name, json_tree&& delta) {
  auto* const more = delta.find(name);
  if (more == nullptr || !more->is(kind::string)) return false;
  json_tree& known = block[name];
  if (known.is_null()) known = json_tree::string("");
  known.text.append(more->text);
  return known.is(kind::string);
}

bool add_text(json_tree& block, json_tree&& delta) { return join(block, "text", std::move(delta)); }
bool add_thinking(json_tree& block, json_tree&& delta) { return join(block, "thinking", std::move(delta)); }

bool add_citation(json_tree& block, json_tree&& delta) {
  auto* const citation = delta.find("citation");
  json_tree& known = block["citations"];
  if (known.is_null()) known = json_tree::array();
  if (citation == nullptr || !known.is(kind::array)) return false;
  known.elements.push_back(std::move(*citation));
  return true;
}

/// Signatures and compacted contexts come in one piece.
bool put_members(json_tree& block, json_tree&& delta) {
  for (auto& [name, value] : delta.members) {
    if (name != "type") replace(block, name, std::move(value));
  }
  return true;
}

struct delta_kind {
  std::string_view type;
  bool (*add)(json_tree& block, json_tree&& delta);
};

constexpr std::array delta_kinds{
    delta_kind{"text_delta", add_text},          delta_kind{"thinking_delta", add_thinking},
    delta_kind{"signature_delta", put_members},  delta_kind{"citations_delta", add_citation},
    delta_kind{"compaction_delta", put_members},
};

/// Gathers a stream's events into one message.
class gathering {
 public:
  /// `data`: the event's text. False where the event does not go together with the earlier ones, or is not known.
  bool add(json_tree&& event, std::string_view data) {
    const auto type = text_of(event, "type");
    if (type == "ping" || type == "content_block_stop") return true;
    if (type == "message_start") return start(event);
    if (type == "content_block_start") return start_block(event);
    if (type == "content_block_delta") return add_delta(event, data);
    return type == "message_delta" && end(std::move(event));
  }

  /// The message; nothing where there is none, or a tool's input is no object.
  std::optional<std::string> finish() && {
    if (!started_) return std::nullopt;
    auto& blocks = message_["content"].elements;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i].empty()) continue;
      auto input = json_tree::parse(inputs_[i]);
      if (!input || !input->is(kind::object)) return std::nullopt;
      blocks[i]["input"] = *std::move(input);
    }
    std::string body;
    message_.write(body);
    return body;
  }

 private:
  bool start(json_tree& event) {
    auto* const message = event.find("message");
    if (std::exchange(started_, true) || message == nullptr || !message->is(kind::object)) return false;
    message_ = std::move(*message);
    json_tree& content = message_["content"];
    if (content.is_null()) content = json_tree::array();
    return content.is(kind::array) && content.elements.empty();
  }

  bool start_block(json_tree& event) {
    auto* const block = event.find("content_block");
    if (!started_ || block == nullptr || !block->is(kind::object)) return false;
    auto& blocks = message_["content"].elements;
    if (index_of(event) != blocks.size()) return false;
    if (text_of(*block, "type") == "fallback") take_over(*block);
    blocks.push_back(std::move(*block));
    inputs_.emplace_back();
    return true;
  }

  /// From here on another model answers, and the message is its own.
  void take_over(const json_tree& block) {
    const auto* const to = block.find("to");
    const auto* const model = to == nullptr ? nullptr : to->find("model");
    if (model != nullptr) message_["model"] = *model;
  }

  bool add_delta(json_tree& event, std::string_view data) {
    const auto index = index_of(event);
    auto* const delta = event.find("delta");
    if (!index || *index >= inputs_.size() || delta == nullptr) return false;
    const auto type = text_of(*delta, "type");
    if (type == "input_json_delta") return add_input(inputs_[*index], data);
    const auto* const known = std::ranges::find(delta_kinds, type, &delta_kind::type);
    if (known == delta_kinds.end()) return false;
    return known->add(message_["content"].elements[*index], std::move(*delta));
  }

  /// JSON within a string of JSON: without the outer escapes.
  static bool add_input(std::string& input, std::string_view data) {
    const auto event = canonicaliser::of_thread().read(data);
    const auto delta = event ? event->find("delta") : std::nullopt;
    const auto part = delta ? delta->find("partial_json") : std::nullopt;
    if (!part || !part->string()) return false;
    input.append(*part->string());
    return true;
  }

  bool end(json_tree&& event) {
    if (!started_ || message_.members.size() > max_merged_parts) return false;
    for (auto& [name, value] : event.members) {
      if (name == "type") continue;
      if (name == "delta") {
        put_members(message_, std::move(value));
      } else if (name == "usage" && value.is(kind::object)) {
        json_tree& usage = message_["usage"];
        if (usage.is_null()) usage = json_tree::object();
        if (!usage.is(kind::object)) return false;
        put_members(usage, std::move(value));
      } else {
        replace(message_, name, std::move(value));
      }
    }
    return true;
  }

  static std::optional<std::size_t> index_of(const json_tree& event) {
    const auto* const index = event.find("index");
    if (index == nullptr || !index->is(kind::scalar)) return std::nullopt;
    return base::to_integer<std::size_t>(index->text);
  }

  json_tree message_ = json_tree::object();
  std::vector<std::string> inputs_;  ///< of each block: the JSON text of its input, as far as it came in deltas
  bool started_ = false;
};

}  // namespace

base::result<std::string> merge_anthropic_stream(std::string_view stream) {
  gathering gathered;
  base::sse_parser parser{base::byte_count{stream.size()}};
  parser.feed(stream);
  parser.finish();
  while (const auto event = parser.next()) {
    auto tree = json_tree::parse(event->data);
    if (!tree) return cannot("an event is not JSON");
    if (text_of(*tree, "type") == "message_stop") break;
    if (!gathered.add(*std::move(tree), event->data)) return cannot("an event is not known, or does not fit");
  }
  auto body = std::move(gathered).finish();
  if (!body) return cannot("it has no message, or a tool's input is no JSON object");
  return *std::move(body);
}

}  // namespace refrain::provider
