#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "provider/families/anthropic_answer.h"
#include "provider/json/json_text.h"
#include "provider/json/text_pieces.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Members of the message that are null until `message_delta` says them.
constexpr std::array<std::string_view, 3> told_at_the_end{"stop_reason", "stop_sequence", "stop_details"};

constexpr std::string_view context_member = "context_management";

/// Members of usage that `message_delta` repeats, and those that it alone has.
constexpr std::array<std::string_view, 3> counted_twice{"input_tokens", "cache_creation_input_tokens",
                                                        "cache_read_input_tokens"};
constexpr std::array<std::string_view, 4> counted_at_the_end{"output_tokens_details", "server_tool_use", "iterations",
                                                             "fallback_credit"};

/// Blocks whose `input` the SDKs put together from deltas.
constexpr std::array<std::string_view, 3> calls_of_tools{"tool_use", "server_tool_use", "mcp_tool_use"};

template <std::size_t Count>
bool is_one_of(const std::array<std::string_view, Count>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

json_tree typed(std::string_view type, std::vector<json_tree::member> members) {
  members.emplace(members.begin(), "type", json_tree::string(std::string{type}));
  return json_tree::object(std::move(members));
}

using deltas = std::vector<json_tree>;

/// Moves a text out of its block into deltas of a few words; a signature into one.
void take_text(json_tree& block, std::string_view name, std::string_view type, deltas& into) {
  auto* const text = block.find(name, kind::string);
  if (text == nullptr || text->text.empty()) return;
  const auto spelling = std::exchange(text->text, {});
  const auto pieces = name == "signature" ? std::vector<std::string_view>{spelling} : cut_text(spelling);
  for (const auto one : pieces) into.push_back(typed(type, {{std::string{name}, json_tree::string(std::string{one})}}));
}

void take_citations(json_tree& block, deltas& into) {
  auto* const citations = block.find("citations", kind::array);
  if (citations == nullptr) return;
  for (auto& one : std::exchange(citations->elements, {})) {
    into.push_back(typed("citations_delta", {{"citation", std::move(one)}}));
  }
}

/// The provider begins with an empty piece, and leaves it at that where the input is empty.
void take_input(json_tree& block, deltas& into) {
  auto* const input = block.find("input", kind::object);
  if (input == nullptr) return;
  into.push_back(typed("input_json_delta", {{"partial_json", json_tree::string("")}}));
  if (input->members.empty()) return;
  into.push_back(typed("input_json_delta", {{"partial_json", json_tree::string(json_of_text(input->to_json()))}}));
  *input = json_tree::object();
}

/// What comes of a block after its start; the block is left as it is when it starts.
deltas take_deltas(json_tree& block) {
  deltas taken;
  const auto type = block.spelling("type");
  if (type == "text") {
    take_text(block, "text", "text_delta", taken);
    take_citations(block, taken);
  } else if (type == "thinking") {
    take_text(block, "thinking", "thinking_delta", taken);
    take_text(block, "signature", "signature_delta", taken);
  } else if (is_one_of(calls_of_tools, type)) {
    take_input(block, taken);
  }
  return taken;
}

/// Writes a message as events.
class splitting {
 public:
  explicit splitting(json_tree&& message) : message_(std::move(message)) {}

  /// False where the message has not the shape that it needs.
  bool run() {
    auto* const content = message_.find("content", kind::array);
    const auto* const usage = message_.find("usage", kind::object);
    if (content == nullptr || usage == nullptr || message_.find("stop_reason", kind::string) == nullptr) return false;
    auto blocks = std::exchange(content->elements, {});
    auto end = take_end();
    write_event("message_start", {{"message", std::move(message_)}});
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (!blocks[i].is(kind::object)) return false;
      write_block(i, std::move(blocks[i]));
    }
    write_event("message_delta", std::move(end));
    write_event("message_stop", {});
    return true;
  }

  std::string take() && { return std::move(out_); }

 private:
  /// The members of `message_delta`; the message is left as it is when it starts. How the context was managed is told
  /// there beside the delta, not in it.
  std::vector<json_tree::member> take_end() {
    auto delta = json_tree::object();
    auto counts = json_tree::object();
    for (auto& [name, value] : message_.members) {
      if (is_one_of(told_at_the_end, name)) delta[name] = std::exchange(value, json_tree{});
    }
    auto& usage = message_["usage"];
    for (auto& [name, value] : usage.members) {
      if (is_one_of(counted_twice, name)) counts[name] = value;
      if (is_one_of(counted_at_the_end, name)) counts[name] = value;
      if (name == "output_tokens") counts[name] = std::exchange(value, json_tree::scalar("0"));
    }
    for (const auto name : counted_at_the_end) usage.erase(name);
    std::vector<json_tree::member> members{{"delta", std::move(delta)}, {"usage", std::move(counts)}};
    if (auto* const managed = message_.find(context_member)) {
      members.emplace_back(context_member, std::move(*managed));
      message_.erase(context_member);
    }
    return members;
  }

  void write_block(std::size_t at, json_tree&& block) {
    const auto index = json_tree::scalar(std::to_string(at));
    auto pieces = take_deltas(block);
    write_event("content_block_start", {{"index", index}, {"content_block", std::move(block)}});
    for (auto& one : pieces) write_event("content_block_delta", {{"index", index}, {"delta", std::move(one)}});
    write_event("content_block_stop", {{"index", index}});
  }

  void write_event(std::string_view type, std::vector<json_tree::member> members) {
    append_event(out_, typed(type, std::move(members)), type);
  }

  json_tree message_;
  std::string out_;
};

}  // namespace

base::result<std::string> split_anthropic_message(std::string_view plain) {
  auto message = json_tree::parse(plain);
  if (!message || !message->is(kind::object)) return cannot_turn("it is no JSON object");
  splitting events{*std::move(message)};
  if (!events.run()) return cannot_turn("it has no content, stop reason or usage");
  return std::move(events).take();
}

}  // namespace refrain::provider
