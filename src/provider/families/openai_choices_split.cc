#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "provider/families/openai_choices.h"
#include "provider/json/text_pieces.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// What OpenAI's chunks all carry; the rest of a plain answer's members is told once.
constexpr std::array<std::string_view, 6> on_every_chunk{"id",    "object",       "created",
                                                         "model", "service_tier", "system_fingerprint"};

/// Members of a message that come in pieces.
constexpr std::array<std::string_view, 4> texts{"reasoning_content", "reasoning", "content", "refusal"};

/// Writes a plain answer as events.
class splitting {
 public:
  splitting(json_tree&& answer, bool wants_usage, const openai_choices_shape& shape)
      : shape_(shape), answer_(std::move(answer)), wants_usage_(wants_usage) {
    for (const auto& member : answer_.members) {
      if (std::ranges::find(on_every_chunk, member.first) != on_every_chunk.end()) common_.members.push_back(member);
    }
    common_["object"] = json_tree::string(std::string{shape_.stream_object});
    repeated_ = common_.to_json().size();
  }

  /// False where the answer has not the shape that it needs.
  bool run() {
    auto* const choices = answer_.find("choices", kind::array);
    if (choices == nullptr || choices->elements.empty()) return false;
    if (answer_.members.size() > max_merged_parts) return false;
    std::vector<json_tree> ends;
    for (auto& choice : choices->elements) {
      if (!choice.is(kind::object)) return false;
      ends.push_back(take_end(choice));
      if (!turn_message(choice)) return false;
      write_choice(std::move(choice));
    }
    for (auto& end : ends) write_chunk(std::move(end));
    write_usage();
    out_.append("data: [DONE]\n\n");
    return true;
  }

  std::string take() && { return std::move(out_); }

 private:
  /// The chunk that ends a choice; in the choice itself the reason is null from here on.
  [[nodiscard]] json_tree take_end(json_tree& choice) const {
    auto end = json_tree::object();
    if (const auto* const index = choice.find("index")) end["index"] = *index;
    end[shape_.stream_part] = shape_.says_in_text() ? json_tree::string("") : json_tree::object();
    if (choice.find("logprobs") != nullptr) end["logprobs"] = json_tree{};
    end["finish_reason"] = std::exchange(choice["finish_reason"], json_tree{});
    return end;
  }

  [[nodiscard]] bool turn_message(json_tree& choice) const {
    const auto message = std::ranges::find(choice.members, shape_.plain_part, &json_tree::member::first);
    if (message == choice.members.end()) return false;
    if (shape_.says_in_text()) return message->second.is(kind::string);
    if (!message->second.is(kind::object)) return false;
    message->first = shape_.stream_part;
    auto* const calls = message->second.find("tool_calls", kind::array);
    if (calls == nullptr) return true;
    for (std::size_t i = 0; i < calls->elements.size(); ++i) {
      auto& call = calls->elements[i];
      if (!call.is(kind::object)) return false;
      call.erase("index");
      call.members.emplace(call.members.begin(), "index", json_tree::scalar(std::to_string(i)));
    }
    return true;
  }

  /// A chunk with all of the choice but its texts, which then come a few words each; their beginning is on the first.
  void write_choice(json_tree&& choice) {
    auto rest = json_tree::object();
    if (const auto* const index = choice.find("index")) rest["index"] = *index;
    rest[shape_.stream_part] = json_tree{};
    if (choice.find("logprobs") != nullptr) rest["logprobs"] = json_tree{};
    rest["finish_reason"] = json_tree{};
    const auto pieces = take_texts(choice[shape_.stream_part]);
    write_chunk(std::move(choice));
    for (const auto& [name, text] : pieces) {
      auto next = rest;
      auto said = json_tree::string(text);
      next[shape_.stream_part] = shape_.says_in_text() ? std::move(said) : json_tree::object({{name, std::move(said)}});
      write_chunk(std::move(next));
    }
  }

  struct piece {
    std::string name;
    std::string text;
  };

  /// What is left of the texts when the first piece of the first stays, as thoughts come before words.
  [[nodiscard]] std::vector<piece> take_texts(json_tree& said) const {
    std::vector<piece> pieces;
    json_tree* first = nullptr;
    const auto take = [&](std::string_view name, json_tree* text) {
      if (text == nullptr || text->text.empty()) return;
      const auto spelling = std::exchange(text->text, {});
      for (const auto one : cut_text(spelling, repeated_)) pieces.push_back({std::string{name}, std::string{one}});
      if (first == nullptr) first = text;
    };
    if (shape_.says_in_text()) {
      take("", &said);
    } else {
      for (const auto name : texts) take(name, said.find(name, kind::string));
    }
    if (first == nullptr) return pieces;
    first->text = std::move(pieces.front().text);
    pieces.erase(pieces.begin());
    return pieces;
  }

  void write_chunk(json_tree&& choice) {
    auto chunk = common_;
    std::vector<json_tree> choices;
    choices.push_back(std::move(choice));
    chunk["choices"] = json_tree::array(std::move(choices));
    if (std::exchange(first_, false)) add_unknown(chunk);
    if (wants_usage_ && answer_.find("usage") != nullptr) chunk["usage"] = json_tree{};
    append_event(out_, chunk);
  }

  void add_unknown(json_tree& chunk) const {
    for (const auto& [name, value] : answer_.members) {
      if (name != "usage" && chunk.find(name) == nullptr) chunk[name] = value;
    }
  }

  void write_usage() {
    const auto* const usage = answer_.find("usage", kind::object);
    if (!wants_usage_ || usage == nullptr) return;
    auto chunk = common_;
    chunk["choices"] = json_tree::array();
    chunk["usage"] = *usage;
    append_event(out_, chunk);
  }

  const openai_choices_shape& shape_;
  json_tree answer_;
  json_tree common_ = json_tree::object();
  std::size_t repeated_ = 0;  ///< bytes of what each chunk has in common
  std::string out_;
  bool wants_usage_;
  bool first_ = true;
};

}  // namespace

base::result<std::string> split_openai_choices(std::string_view plain, bool wants_usage,
                                               const openai_choices_shape& shape) {
  auto answer = json_tree::parse(plain);
  if (!answer || !answer->is(kind::object)) return cannot_turn("it is no JSON object");
  splitting chunks{*std::move(answer), wants_usage, shape};
  if (!chunks.run()) return cannot_turn("a choice has no message");
  return std::move(chunks).take();
}

}  // namespace refrain::provider
