#include "mock/openai_responses.h"

#include <algorithm>
#include <boost/json.hpp>

#include "mock/events.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/openai_responses_turn.h"
#include "mock/proof.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

/// Writes a response as its events.
class events_of {
 public:
  events_of(const json::object& response, const behaviour& wish) : wish_(wish) {
    auto begun = response;
    begun["status"] = "in_progress";
    begun["output"] = json::array{};
    for (const auto* const name : {"usage", "completed_at", "incomplete_details"}) begun[name] = nullptr;
    add("response.created", {{"response", begun}});
    add("response.in_progress", {{"response", begun}});
    for (const auto& item : response.at("output").as_array()) {
      add_item(item.as_object());
      ++output_index_;
    }
    if (wish.error_event) {
      all_.resize(std::min(*wish.error_event, all_.size()));
      add("error", {{"code", "server_error"}, {"message", "The stream broke off."}, {"param", nullptr}});
    }
    if (wish.error_event || wish.no_done) return;
    add(response.at("status") == "incomplete" ? "response.incomplete" : "response.completed", {{"response", response}});
  }

  [[nodiscard]] std::vector<std::string> take() && { return std::move(all_); }

 private:
  void add_item(const json::object& item) {
    auto fresh = item;
    if (fresh.contains("status")) fresh["status"] = "in_progress";
    if (fresh.contains("arguments")) fresh["arguments"] = "";
    for (const auto* const name : {"content", "summary"}) {
      if (fresh.contains(name)) fresh[name] = json::array{};
    }
    add("response.output_item.added", {{"output_index", output_index_}, {"item", fresh}});
    if (const auto* content = item.if_contains("content")) add_text(item, content->as_array().at(0).as_object());
    if (const auto* summary = item.if_contains("summary")) add_summary(item, summary->as_array().at(0).as_object());
    if (const auto* arguments = item.if_contains("arguments")) add_arguments(item, arguments->as_string());
    add("response.output_item.done", {{"output_index", output_index_}, {"item", item}});
  }

  void add_text(const json::object& item, const json::object& part) {
    auto fresh = part;
    fresh["text"] = "";
    add("response.content_part.added", at(item, "content_index", {{"part", fresh}}));
    for (const auto& piece : pieces_of(part.at("text").as_string())) {
      add("response.output_text.delta",
          at(item, "content_index", {{"delta", piece}, {"logprobs", json::array{}}, {"obfuscation", "x7Qa"}}));
    }
    add("response.output_text.done",
        at(item, "content_index", {{"text", part.at("text")}, {"logprobs", json::array{}}}));
    add("response.content_part.done", at(item, "content_index", {{"part", part}}));
  }

  void add_summary(const json::object& item, const json::object& part) {
    auto fresh = part;
    fresh["text"] = "";
    add("response.reasoning_summary_part.added", at(item, "summary_index", {{"part", fresh}}));
    for (const auto& piece : pieces_of(part.at("text").as_string())) {
      add("response.reasoning_summary_text.delta", at(item, "summary_index", {{"delta", piece}}));
    }
    add("response.reasoning_summary_text.done", at(item, "summary_index", {{"text", part.at("text")}}));
    add("response.reasoning_summary_part.done", at(item, "summary_index", {{"part", part}}));
  }

  void add_arguments(const json::object& item, std::string_view arguments) {
    for (const auto& piece : pieces_of(arguments)) {
      add("response.function_call_arguments.delta", at(item, "", {{"delta", piece}}));
    }
    add("response.function_call_arguments.done", at(item, "", {{"arguments", arguments}}));
  }

  /// The members that say where in the output an event belongs. `place`: the member that counts the item's parts.
  [[nodiscard]] json::object at(const json::object& item, std::string_view place, json::object more) const {
    more["item_id"] = item.at("id");
    more["output_index"] = output_index_;
    if (!place.empty()) more[place] = 0;
    return more;
  }

  [[nodiscard]] std::vector<std::string> pieces_of(std::string_view text) const {
    const auto tokens = tokens_of(text);
    std::vector<std::string> pieces;
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      if (index % wish_.tokens_per_chunk == 0) pieces.emplace_back();
      pieces.back() += tokens[index];
    }
    return pieces;
  }

  void add(std::string_view type, json::object data) {
    data["type"] = type;
    data["sequence_number"] = all_.size();
    all_.push_back(named_event(type, data));
  }

  const behaviour& wish_;
  std::vector<std::string> all_;
  std::size_t output_index_ = 0;
};

}  // namespace

answer responses(const call& asked) {
  const auto request = read_object(asked, {});
  if (!request) return refuse(asked, request.error());
  if (string_member(*request, "model").empty() && member(*request, "prompt") == nullptr) {
    return refuse(asked, {.status = 400,
                          .message = "Missing required parameter: 'model'.",
                          .param = "model",
                          .code = "missing_required_parameter"});
  }
  const auto response = response_for(*request, *proof_of(asked.body), asked);
  if (is_true(*request, "stream")) return event_answer(asked, events_of(response, asked.wish).take());
  return json_answer(asked, response);
}

}  // namespace refrain::mock::openai
