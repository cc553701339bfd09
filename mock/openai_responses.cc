#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"
#include "mock/turn.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

/// The items of the input; a text is one item of the user's.
json::array items_of(const json::value& request) {
  const auto* input = member(request, "input");
  if (input == nullptr || input->is_array()) return list_of(input);
  return {{{"role", "user"}, {"content", *input}}};
}

/// The function to call; nothing where none is offered, none is wanted, or it is not the user who spoke last.
std::optional<offered_tool> function_to_call(const json::value& request, const json::array& items) {
  if (string_member(request, "tool_choice") == "none") return std::nullopt;
  if (items.empty() || string_member(items.back(), "role") != "user") return std::nullopt;
  for (const auto& tool : list_of(member(request, "tools"))) {
    if (string_member(tool, "type") != "function") continue;
    const auto* schema = member(tool, "parameters");
    return offered_tool{.name = std::string(string_member(tool, "name")),
                        .schema = schema == nullptr ? json::object{} : *schema};
  }
  return std::nullopt;
}

/// The text that `text.format` asks for, or an empty one where it asks for no JSON.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto* format = find_in(request, "/text/format");
  const auto* schema = member(format, "schema");
  if (string_member(format, "type") == "json_object") return json_for(nullptr, proof);
  return schema == nullptr ? std::string{} : json_for(schema, proof);
}

/// What the response says of the request, with the API's defaults where the request does not.
json::object echo_of(const renderer& render, const json::value& request) {
  auto echoed = render.find("response.defaults")->as_object();
  for (auto& one : echoed) {
    const auto* given = member(request, one.key());
    if (given != nullptr && !given->is_null()) one.value() = *given;
  }
  if (echoed["service_tier"] == "auto") echoed["service_tier"] = "default";
  return echoed;
}

json::array output_of(const renderer& render, const question& asked, const turn& said) {
  json::array items;
  if (asked.thinks) items.push_back(render.fill("response.reasoning", {{"text", joined(said.thoughts)}}));
  for (std::size_t index = 0; index < said.calls.size(); ++index) {
    items.push_back(render.fill("response.call", {{"index", index},
                                                  {"arguments", json::serialize(said.calls[index].arguments)},
                                                  {"call_id", fmt::format("call_{}{:04x}", asked.proof, index)},
                                                  {"name", said.calls[index].name}}));
  }
  if (asked.tool) return items;
  const auto* status = said.finish == asked.words.length ? "incomplete" : "completed";
  items.push_back(render.fill("response.message", {{"status", status}, {"text", joined(said.text)}}));
  return items;
}

json::value usage_of(const renderer& render, const json::value& request, const turn& said) {
  const auto* input = member(request, "input");
  const auto asked = input == nullptr ? 0 : token_estimate(json::serialize(*input));
  auto made = said.thoughts.size() + said.text.size();
  for (const auto& one : said.calls) made += token_estimate(json::serialize(one.arguments));
  return render.fill("response.usage", {{"input_tokens", asked},
                                        {"output_tokens", made},
                                        {"reasoning_tokens", said.thoughts.size()},
                                        {"total_tokens", asked + made}});
}

/// The response object that answers a request.
json::object response_to(const renderer& render, const json::value& request, const call& asked) {
  auto values = echo_of(render, request);
  if (is_true(request, "background")) {
    values["status"] = "queued";
    values["output"] = json::array{};
    return render.fill("response", values).as_object();
  }
  const auto items = items_of(request);
  const auto proof = *proof_of(asked.body);
  const question put{.proof = proof,
                     .text = last_question(items),
                     .thinks = is_reasoner(string_member(request, "model")),
                     .tool = function_to_call(request, items),
                     .json = json_content(request, proof),
                     .limit = limit_member(request, "max_output_tokens"),
                     .limits_thoughts = false,
                     .words = {.length = "max_output_tokens"}};
  auto wish = asked.wish;
  wish.finish.clear();
  const auto said = turn_for(put, wish);
  const auto reason = asked.wish.finish == "content_filter" ? asked.wish.finish : said.finish;
  if (reason.empty()) {
    values["completed_at"] = asked.seconds();
  } else {
    values["status"] = "incomplete";
    values["incomplete_details"] = {{"reason", reason}};
  }
  if (!wish.no_usage) values["usage"] = usage_of(render, request, said);
  values["output"] = output_of(render, put, said);
  return render.fill("response", values).as_object();
}

/// A list of an item's parts, as a stream tells of them.
struct part_list {
  std::string_view name;
  std::string_view part_event;
  std::string_view text_event;
};

constexpr part_list part_lists[] = {
    {"content", "response.content_part", "response.output_text"},
    {"summary", "response.reasoning_summary_part", "response.reasoning_summary_text"},
};

/// Writes a response as its events.
class event_writer {
 public:
  event_writer(const renderer& render, const behaviour& wish) : render_(render), wish_(wish) {}

  [[nodiscard]] std::vector<std::string> write(const json::object& response) && {
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
    if (wish_.error_event) {
      events_.resize(std::min(*wish_.error_event, events_.size()));
      add("error", {{"code", "server_error"}});
    } else if (!wish_.no_done) {
      add(response.at("status") == "incomplete" ? "response.incomplete" : "response.completed",
          {{"response", response}});
    }
    return std::move(events_);
  }

 private:
  void add(std::string_view type, json::object values) {
    values["type"] = type;
    values["number"] = events_.size();
    values["output"] = output_index_;
    events_.push_back(render_.named_event("response.event", values));
  }

  void add_item(const json::object& item) {
    auto fresh = item;
    if (fresh.contains("status")) fresh["status"] = "in_progress";
    if (fresh.contains("arguments")) fresh["arguments"] = "";
    for (const auto& list : part_lists) {
      if (fresh.contains(list.name)) fresh[list.name] = json::array{};
    }
    add("response.output_item.added", {{"item", fresh}});
    const json::object place{{"item_id", item.at("id")}};
    for (const auto& list : part_lists) {
      if (const auto* parts = item.if_contains(list.name)) add_part(list, parts->as_array().at(0).as_object(), place);
    }
    if (const auto* arguments = item.if_contains("arguments")) {
      add_text("response.function_call_arguments", "arguments", arguments->as_string(), place);
    }
    add("response.output_item.done", {{"item", item}});
  }

  void add_part(const part_list& list, const json::object& part, json::object place) {
    auto fresh = part;
    fresh["text"] = "";
    place[list.name] = 0;
    const auto add_whole = [&](std::string_view step, const json::object& shown) {
      auto values = place;
      values["part"] = shown;
      add(fmt::format("{}.{}", list.part_event, step), std::move(values));
    };
    add_whole("added", fresh);
    auto within = place;
    if (const auto* logprobs = part.if_contains("logprobs")) within["logprobs"] = *logprobs;
    add_text(list.text_event, "text", part.at("text").as_string(), within);
    add_whole("done", part);
  }

  /// A text piece by piece, then whole under the name `whole`.
  void add_text(std::string_view type, std::string_view whole, std::string_view text, const json::object& place) {
    for (const auto& piece : pieces_of(tokens_of(text), wish_.tokens_per_chunk)) {
      auto values = place;
      values["delta"] = piece;
      values["obfuscated"] = place.contains("logprobs");
      add(fmt::format("{}.delta", type), std::move(values));
    }
    auto values = place;
    values[whole] = text;
    add(fmt::format("{}.done", type), std::move(values));
  }

  const renderer& render_;
  const behaviour& wish_;
  std::vector<std::string> events_;
  std::size_t output_index_ = 0;
};

}  // namespace

answer responses(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({});
  if (!request) return request.error();
  if (string_member(*request, "model").empty() && member(*request, "prompt") == nullptr) {
    return render.refuse("missing", {{"param", "model"}});
  }
  const auto response = response_to(render, *request, asked);
  if (is_true(*request, "stream")) return render.stream(event_writer(render, asked.wish).write(response));
  return {.headers = render.headers(), .pieces = {json::serialize(response)}};
}

}  // namespace refrain::mock::openai
