#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/text.h"
#include "mock/turn.h"

namespace refrain::mock {
namespace {

using openai::api;

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
    if (string_member(tool, "type") == "function") return offered(&tool, {"parameters"});
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

/// What the response says of the request, with the API's defaults where the request does not: values "asked.<name>".
void set_asked(renderer& render, const json::value& request) {
  for (const auto& [name, usual] : render.find("response.defaults")->as_object()) {
    const auto* given = member(request, name);
    auto value = given == nullptr || given->is_null() ? usual : *given;
    if (name == "service_tier" && value == "auto") value = usual;
    render.set({{fmt::format("asked.{}", std::string_view(name)), std::move(value)}});
  }
}

/// Decides what is said, and gives it to the templates.
void set_said(renderer& render, const json::value& request, const call& asked) {
  const auto items = items_of(request);
  const auto proof = *proof_of(asked.body);
  const question what{.proof = proof,
                      .text = last_question(items),
                      .thinks = is_reasoner(string_member(request, "model")),
                      .tool = function_to_call(request, items),
                      .json = json_content(request, proof),
                      .limit = limit_member(request, "max_output_tokens"),
                      .limits_thoughts = false,
                      .words = {.length = "max_output_tokens"}};
  auto how = asked.how;
  how.finish.clear();
  const auto said = turn_for(what, how);
  const auto incomplete = asked.how.finish == "content_filter" ? asked.how.finish : said.finish;
  const auto* input = member(request, "input");
  const auto input_tokens = input == nullptr ? 0 : token_estimate(json::serialize(*input));
  auto output_tokens = said.thoughts.size() + said.text.size();
  for (const auto& one : said.calls) output_tokens += token_estimate(json::serialize(one.arguments));

  render.set(values_of(said, 0, how));
  render.set({{"proof", proof},
              {"thinks", what.thinks},
              {"speaks", !what.tool},
              {"text_state", said.finish.empty() ? "completed" : "incomplete"},
              {"state", incomplete.empty() ? "completed" : "incomplete"},
              {"completed", incomplete.empty()},
              {"counted", !how.no_usage},
              {"input_tokens", input_tokens},
              {"output_tokens", output_tokens},
              {"reasoning_tokens", said.thoughts.size()},
              {"total_tokens", input_tokens + output_tokens}});
  if (!incomplete.empty()) render.set({{"incomplete", incomplete}, {"ending", "incomplete"}});
}

/// The events, each with its number, and with that of the item it is about.
std::vector<std::string> events_of(const renderer& render, const behaviour& how) {
  auto events = render.fill("response.stream").as_array();
  if (how.error_event) {
    events.resize(std::min(*how.error_event, events.size()));
    events.push_back(render.fill("response.broken_off"));
  } else if (!how.no_done) {
    events.push_back(render.fill("response.end"));
  }
  std::vector<std::string> pieces;
  int item = 0;
  for (auto& event : events) {
    if (auto* number = event.as_object().if_contains("output_index")) *number = item;
    if (event.at("type") == "response.output_item.done") ++item;
    event.as_object()["sequence_number"] = pieces.size();
    pieces.push_back(written(stream_form::named_event, event));
  }
  return pieces;
}

/// POST .../responses. The ids of tool calls follow from the proof. The response echoes what the request says of
/// itself: `user`, `metadata`, `store` and their like. Needs `model` or `prompt`.
///
/// - `tools` with a function, and a last item from the user: a call of the first one (`x-mock-tools` of them), with
///   arguments that fit its schema. After its output: text.
/// - `text.format`: JSON that fits the schema. A model with "reason" in its name gives a summary of its reasoning
/// first.
/// - `max_output_tokens` cuts the text, the response is then `incomplete`; `background` leaves it `queued`.
answer responses(const call& asked) {
  renderer render(api, asked);
  const auto request = render.request({});
  if (!request) return request.error();
  if (string_member(*request, "model").empty() && member(*request, "prompt") == nullptr) {
    return render.refuse("missing", {{"param", "model"}});
  }
  set_asked(render, *request);
  if (is_true(*request, "background")) {
    render.set({{"state", "queued"}, {"unsaid", true}});
  } else {
    set_said(render, *request, asked);
  }
  return is_true(*request, "stream") ? render.stream(events_of(render, asked.how)) : render.plain("response");
}

constexpr route rows[] = {{"POST", "*/responses", &api, responses}};

}  // namespace

constinit const std::span<const route> openai_response_routes{rows};

}  // namespace refrain::mock
