#include "mock/ollama_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <expected>

#include "mock/json.h"
#include "mock/ollama.h"
#include "mock/proof.h"
#include "mock/schema_sample.h"
#include "mock/text.h"

namespace refrain::mock::ollama {
namespace {

namespace json = boost::json;

/// What is said, before it takes a form.
struct turn {
  std::vector<std::string> thoughts;  ///< tokens
  std::vector<std::string> text;      ///< tokens; none where tools are called
  json::array calls;
  std::string question;
  std::string done_reason = "stop";
};

/// The messages of a chat; none where there is no list of them.
json::array messages_of(const json::value& request) {
  const auto* messages = member(request, "messages");
  return messages == nullptr || !messages->is_array() ? json::array{} : messages->get_array();
}

/// The prompt, or the last message where it is the user's.
std::string question_of(const json::value& request) {
  const auto messages = messages_of(request);
  if (messages.empty()) return std::string(string_member(request, "prompt"));
  const auto& last = messages.back();
  return string_member(last, "role") == "user" ? std::string(string_member(last, "content")) : std::string{};
}

bool wants_thoughts(const json::value& request) {
  const auto* think = member(request, "think");
  return think != nullptr && (think->is_string() || is_true(request, "think"));
}

json::array calls_of(const json::value& request, std::string_view proof, std::size_t count) {
  const auto* tools = member(request, "tools");
  json::array calls;
  if (tools == nullptr || !tools->is_array() || tools->get_array().empty()) return calls;
  const auto* function = member(tools->get_array().front(), "function");
  if (function == nullptr) return calls;
  const auto* parameters = member(*function, "parameters");
  for (std::size_t index = 0; index < count; ++index) {
    const auto arguments =
        parameters == nullptr ? json::value(json::object{}) : sample_of(*parameters, fmt::format("proof:{}", proof));
    calls.push_back(
        {{"id", fmt::format("call_{}{:02x}", proof.substr(0, 8), index)},
         {"function", {{"index", index}, {"name", string_member(*function, "name")}, {"arguments", arguments}}}});
  }
  return calls;
}

/// The text that `format` asks for; empty where it asks for none.
std::string formatted(const json::value& request, std::string_view proof) {
  const auto* format = member(request, "format");
  const auto word = fmt::format("proof:{}", proof);
  if (format == nullptr || (format->is_string() && *format != "json")) return {};
  return json::serialize(format->is_object() ? sample_of(*format, word) : json::value(json::object{{"answer", word}}));
}

void cut(turn& said, std::size_t limit) {
  if (said.thoughts.size() + said.text.size() <= limit) return;
  said.thoughts.resize(std::min(said.thoughts.size(), limit));
  said.text.resize(std::min(said.text.size(), limit - said.thoughts.size()));
  said.done_reason = "length";
}

turn turn_for(const json::value& request, const call& asked) {
  auto keyed = request.get_object();
  keyed.erase("keep_alive");
  const auto proof = proof_of_members(std::move(keyed));
  turn said{.thoughts = {}, .text = {}, .calls = {}, .question = question_of(request)};
  if (wants_thoughts(request)) said.thoughts = tokens_of(reasoning_text(proof, said.question));
  if (!said.question.empty()) said.calls = calls_of(request, proof, asked.wish.tool_calls);
  if (said.calls.empty()) {
    const auto text = formatted(request, proof);
    said.text = tokens_of(text.empty() ? answer_text(proof, said.question, asked.wish.text_bytes, 0) : text);
  }
  if (const auto* options = member(request, "options")) {
    const auto limit = count_member(*options, "num_predict", -1);
    if (limit >= 0) cut(said, static_cast<std::size_t>(limit));
  }
  if (!asked.wish.finish.empty()) said.done_reason = asked.wish.finish;
  return said;
}

/// How an endpoint spells what is said.
class spelling {
 public:
  spelling(const json::value& request, const call& asked, bool is_chat)
      : model_(string_member(request, "model")), asked_(asked), is_chat_(is_chat) {}

  /// A line, or a whole answer, that says this; what is empty but the text is left out.
  [[nodiscard]] json::object line(std::string_view text, std::string_view thoughts,
                                  const json::array& calls = {}) const {
    json::object said;
    said[is_chat_ ? "content" : "response"] = text;
    if (!thoughts.empty()) said["thinking"] = thoughts;
    if (!calls.empty()) said["tool_calls"] = calls;
    json::object body{{"model", model_}, {"created_at", created_at()}};
    if (is_chat_) {
      said["role"] = "assistant";
      body["message"] = std::move(said);
    } else {
      for (auto& part : said) body[part.key()] = std::move(part.value());
    }
    body["done"] = false;
    return body;
  }

  /// Ends an answer.
  void end(json::object& body, const turn& said) const {
    body["done"] = true;
    body["done_reason"] = said.done_reason;
    const auto tokens = said.thoughts.size() + said.text.size() + 5 * said.calls.size();
    if (!is_chat_) body["context"] = json::array{1, 2, static_cast<std::uint64_t>(tokens)};
    const auto base = 1'000'000 + asked_.number;
    body["total_duration"] = 9 * base;
    body["load_duration"] = base;
    if (asked_.wish.no_usage) return;
    body["prompt_eval_count"] = token_estimate(said.question) + 3;
    body["prompt_eval_duration"] = 3 * base;
    body["eval_count"] = tokens;
    body["eval_duration"] = 5 * base;
  }

 private:
  [[nodiscard]] std::string created_at() const {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(asked_.at.time_since_epoch()).count();
    return fmt::format("{:%FT%T}.{:06}Z", fmt::gmtime(static_cast<std::time_t>(micros / 1'000'000)),
                       micros % 1'000'000);
  }

  std::string_view model_;
  const call& asked_;
  bool is_chat_;
};

std::string joined(const std::vector<std::string>& tokens) { return fmt::format("{}", fmt::join(tokens, "")); }

json::object whole(const spelling& spelt, const turn& said) {
  auto body = spelt.line(joined(said.text), joined(said.thoughts), said.calls);
  spelt.end(body, said);
  return body;
}

std::vector<json::object> lines_of(const spelling& spelt, const turn& said, const behaviour& wish) {
  std::vector<json::object> lines;
  for (const auto& piece : pieces_of(said.thoughts, wish.tokens_per_chunk)) lines.push_back(spelt.line("", piece));
  for (const auto& piece : pieces_of(said.text, wish.tokens_per_chunk)) lines.push_back(spelt.line(piece, ""));
  for (const auto& one : said.calls) lines.push_back(spelt.line("", "", {one}));
  if (!wish.no_done) {
    lines.push_back(spelt.line("", ""));
    spelt.end(lines.back(), said);
  }
  if (wish.error_event) {
    lines.resize(std::min(*wish.error_event, lines.size()));
    lines.push_back({{"error", "an error was encountered while running the model: unexpected EOF"}});
  }
  return lines;
}

/// The body, where it is an object that names a model.
std::expected<json::value, refusal> read(const call& asked) {
  auto request = parse_json(asked.body);
  if (!request || !request->is_object()) {
    return std::unexpected(refusal{.status = 400, .message = "missing request body"});
  }
  if (string_member(*request, "model").empty()) {
    return std::unexpected(refusal{.status = 400, .message = "model is required"});
  }
  return *std::move(request);
}

bool asks_nothing(const json::value& request, bool is_chat) {
  return is_chat ? messages_of(request).empty() : string_member(request, "prompt").empty();
}

answer reply_to(const call& asked, bool is_chat) {
  const auto request = read(asked);
  if (!request) return refuse(asked, request.error());
  const spelling spelt(*request, asked, is_chat);
  if (asks_nothing(*request, is_chat)) {
    auto loaded = spelt.line("", "");
    loaded["done"] = true;
    loaded["done_reason"] = count_member(*request, "keep_alive", 1) == 0 ? "unload" : "load";
    return json_answer(loaded);
  }
  const auto said = turn_for(*request, asked);
  const auto* stream = member(*request, "stream");
  const bool plain = stream != nullptr && stream->is_bool() && !stream->get_bool();
  return plain ? json_answer(whole(spelt, said)) : lines_answer(lines_of(spelt, said, asked.wish));
}

}  // namespace

answer chat(const call& asked) { return reply_to(asked, true); }

answer generate(const call& asked) { return reply_to(asked, false); }

}  // namespace refrain::mock::ollama
