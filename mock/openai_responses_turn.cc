#include "mock/openai_responses_turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/json.h"
#include "mock/schema_sample.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

/// An item's text: its content, or the text parts of it.
std::string text_of(const json::value& item) {
  const auto* content = member(item, "content");
  if (content == nullptr) return {};
  if (content->is_string()) return std::string(content->get_string());
  std::string text;
  if (const auto* parts = content->if_array()) {
    for (const auto& part : *parts) text += string_member(part, "text");
  }
  return text;
}

/// The items of the input; a text is one item of the user's.
json::array items_of(const json::value& request) {
  const auto* input = member(request, "input");
  if (input == nullptr) return {};
  if (const auto* list = input->if_array()) return *list;
  return {{{"role", "user"}, {"content", *input}}};
}

std::string last_question(const json::array& items) {
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (string_member(*item, "role") == "user") return text_of(*item);
  }
  return {};
}

/// The function to call, or null: none is offered, none is wanted, or it is not the user who spoke last.
const json::value* function_to_call(const json::value& request, const json::array& items) {
  const auto* tools = member(request, "tools");
  if (tools == nullptr || !tools->is_array() || string_member(request, "tool_choice") == "none") return nullptr;
  if (items.empty() || string_member(items.back(), "role") != "user") return nullptr;
  for (const auto& tool : tools->get_array()) {
    if (string_member(tool, "type") == "function") return &tool;
  }
  return nullptr;
}

/// The text that `text.format` asks for, or an empty one where it asks for no JSON.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto* text = member(request, "text");
  const auto* format = text == nullptr ? nullptr : member(*text, "format");
  if (format == nullptr) return {};
  const auto word = fmt::format("proof:{}", proof);
  if (string_member(*format, "type") == "json_object") return json::serialize(json::object{{"answer", word}});
  const auto* schema = member(*format, "schema");
  return schema == nullptr ? std::string{} : json::serialize(sample_of(*schema, word));
}

/// Makes the output, item by item.
class output {
 public:
  output(const json::value& request, std::string_view proof, const call& asked)
      : request_(request), proof_(proof), asked_(asked), items_(items_of(request)) {
    if (string_member(request, "model").find("reason") != std::string_view::npos) add_reasoning();
    if (const auto* function = function_to_call(request, items_)) {
      for (std::size_t index = 0; index < asked.wish.tool_calls; ++index) add_call(*function, index);
    } else {
      add_message();
    }
  }

  json::array items;
  std::size_t tokens = 0;
  std::size_t reasoning_tokens = 0;
  bool cut = false;

 private:
  void add_reasoning() {
    const auto thought = reasoning_text(proof_, last_question(items_));
    reasoning_tokens = tokens_of(thought).size();
    tokens += reasoning_tokens;
    items.push_back({{"id", fmt::format("rs_{}", asked_.unique())},
                     {"type", "reasoning"},
                     {"summary", json::array{{{"type", "summary_text"}, {"text", thought}}}}});
  }

  void add_call(const json::value& function, std::size_t index) {
    const auto* parameters = member(function, "parameters");
    const auto arguments = json::serialize(
        sample_of(parameters == nullptr ? json::value(json::object{}) : *parameters, fmt::format("proof:{}", proof_)));
    tokens += token_estimate(arguments);
    items.push_back({{"id", fmt::format("fc_{}{}", asked_.unique(), index)},
                     {"type", "function_call"},
                     {"status", "completed"},
                     {"arguments", arguments},
                     {"call_id", fmt::format("call_{}{:04x}", proof_, index)},
                     {"name", string_member(function, "name")}});
  }

  void add_message() {
    const auto formatted = json_content(request_, proof_);
    auto words = tokens_of(formatted.empty() ? answer_text(proof_, last_question(items_), asked_.wish.text_bytes, 0)
                                             : formatted);
    const auto limit = count_member(request_, "max_output_tokens", -1);
    if (limit >= 0 && words.size() > static_cast<std::size_t>(limit)) {
      words.resize(static_cast<std::size_t>(limit));
      cut = true;
    }
    tokens += words.size();
    items.push_back({{"id", fmt::format("msg_{}", asked_.unique())},
                     {"type", "message"},
                     {"status", cut ? "incomplete" : "completed"},
                     {"content", json::array{{{"type", "output_text"},
                                              {"annotations", json::array{}},
                                              {"logprobs", json::array{}},
                                              {"text", fmt::format("{}", fmt::join(words, ""))}}}},
                     {"role", "assistant"}});
  }

  const json::value& request_;
  std::string_view proof_;
  const call& asked_;
  json::array items_;
};

json::object usage_of(const json::value& request, const output& made) {
  const auto* input = member(request, "input");
  const auto asked = input == nullptr ? 0 : token_estimate(json::serialize(*input));
  return {{"input_tokens", asked},
          {"input_tokens_details", {{"cached_tokens", 0}, {"cache_write_tokens", 0}}},
          {"output_tokens", made.tokens},
          {"output_tokens_details", {{"reasoning_tokens", made.reasoning_tokens}}},
          {"total_tokens", asked + made.tokens}};
}

/// The members that say what was asked, with the API's defaults where the request does not.
json::object echo_of(const json::value& request) {
  json::object echoed{{"background", false},
                      {"instructions", nullptr},
                      {"max_output_tokens", nullptr},
                      {"max_tool_calls", nullptr},
                      {"metadata", json::object{}},
                      {"model", "gpt-4o-mini"},
                      {"parallel_tool_calls", true},
                      {"previous_response_id", nullptr},
                      {"prompt_cache_key", nullptr},
                      {"reasoning", {{"effort", nullptr}, {"summary", nullptr}}},
                      {"safety_identifier", nullptr},
                      {"service_tier", "default"},
                      {"store", true},
                      {"temperature", 1.0},
                      {"text", {{"format", {{"type", "text"}}}, {"verbosity", "medium"}}},
                      {"tool_choice", "auto"},
                      {"tools", json::array{}},
                      {"top_logprobs", 0},
                      {"top_p", 1.0},
                      {"truncation", "disabled"},
                      {"user", nullptr}};
  for (auto& one : echoed) {
    const auto* given = member(request, one.key());
    if (given != nullptr && !given->is_null()) one.value() = *given;
  }
  if (echoed["service_tier"] == "auto") echoed["service_tier"] = "default";
  return echoed;
}

}  // namespace

json::object response_for(const json::value& request, std::string_view proof, const call& asked) {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(asked.at).time_since_epoch().count();
  json::object response{{"id", fmt::format("resp_{}", asked.unique())},
                        {"object", "response"},
                        {"created_at", now},
                        {"status", "completed"},
                        {"completed_at", now},
                        {"error", nullptr},
                        {"incomplete_details", nullptr}};
  const auto echoed = echo_of(request);
  response.insert(echoed.begin(), echoed.end());
  response["output"] = json::array{};
  response["usage"] = nullptr;
  if (is_true(request, "background")) {
    response["status"] = "queued";
    response["completed_at"] = nullptr;
    return response;
  }
  output made(request, proof, asked);
  std::string reason = made.cut ? "max_output_tokens" : "";
  if (asked.wish.finish == "content_filter") reason = asked.wish.finish;
  if (!reason.empty()) {
    response["status"] = "incomplete";
    response["completed_at"] = nullptr;
    response["incomplete_details"] = {{"reason", reason}};
  }
  if (!asked.wish.no_usage) response["usage"] = usage_of(request, made);
  response["output"] = std::move(made.items);
  return response;
}

}  // namespace refrain::mock::openai
