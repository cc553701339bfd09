#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/text.h"
#include "mock/turn.h"

/// Speaks as Google's Gemini API does. The path says what is asked: /v1beta/models/{model}:{verb}.
namespace refrain::mock {
namespace {

/// What the path says.
struct target {
  std::string_view model;
  std::string_view verb;
};

target target_of(const call& asked) {
  const auto path = asked.path();
  const auto resource = path.substr(path.rfind('/') + 1);
  const auto colon = resource.rfind(':');
  if (colon == std::string_view::npos) return {.model = resource, .verb = {}};
  return {.model = resource.substr(0, colon), .verb = resource.substr(colon + 1)};
}

/// Whether the call wants a stream as a JSON array, not as events (`alt=sse`).
bool wants_array(const call& asked) {
  return target_of(asked).verb == "streamGenerateContent" && asked.parameter("alt") != "sse";
}

/// Errors are {"error": {"code", "message", "status"}} with the status' name in google.rpc.Code; the only element of an
/// array where an array was asked for.
constexpr provider api{.name = "gemini",
                       .keys = {"x-goog-api-key", "?key", "Authorization: Bearer"},
                       .no_key_status = 403,
                       .json_type = "application/json; charset=UTF-8",
                       .lists_errors = wants_array};

constexpr std::int64_t most_candidates = 8;

/// The member `name` of `generationConfig`, or null.
const json::value* config_of(const json::value& request, std::string_view name) {
  return member(member(request, "generationConfig"), name);
}

/// Lists that have one element may stand without their brackets.
json::array loose_list(const json::value* value) {
  if (value == nullptr) return {};
  return value->is_array() ? value->get_array() : json::array{*value};
}

/// The last content that is not the model's, or null.
json::value last_content(const json::value& request) {
  const auto contents = loose_list(member(request, "contents"));
  for (auto one = contents.rbegin(); one != contents.rend(); ++one) {
    if (string_member(*one, "role") != "model") return *one;
  }
  return nullptr;
}

/// The function to call, where the question brings no function's result: the first that may be called.
std::optional<offered_tool> function_to_call(const json::value& request, const json::array& parts) {
  const bool brings_result =
      std::ranges::any_of(parts, [](const json::value& part) { return member(part, "functionResponse") != nullptr; });
  const auto* calling = find_in(request, "/toolConfig/functionCallingConfig");
  if (brings_result || string_member(calling, "mode") == "NONE") return std::nullopt;
  const auto allowed = loose_list(member(calling, "allowedFunctionNames"));
  for (const auto& tool : loose_list(member(request, "tools"))) {
    for (const auto& function : loose_list(member(tool, "functionDeclarations"))) {
      const auto name = string_member(function, "name");
      if (!allowed.empty() && std::ranges::find(allowed, json::value(name)) == allowed.end()) continue;
      return offered(&function, {"parametersJsonSchema", "parameters"});
    }
  }
  return std::nullopt;
}

/// The content that `responseMimeType` asks for; empty where it asks for no JSON.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto* type = config_of(request, "responseMimeType");
  if (type == nullptr || *type != "application/json") return {};
  const auto* schema = config_of(request, "responseJsonSchema");
  return json_for(schema == nullptr ? config_of(request, "responseSchema") : schema, proof);
}

/// What a request with contents asks.
question question_of(const json::value& request, std::string proof) {
  const auto parts = loose_list(member(last_content(request), "parts"));
  std::string text;
  for (const auto& part : parts) text += string_member(part, "text");
  // Google takes names in either spelling, and its SDK for Python sends both.
  const auto* thinking = config_of(request, "thinkingConfig");
  return {.proof = proof,
          .text = text,
          .thinks = is_true(thinking, "includeThoughts") || is_true(thinking, "include_thoughts"),
          .tool = function_to_call(request, parts),
          .json = json_content(request, proof),
          .limit = limit_member(member(request, "generationConfig"), "maxOutputTokens"),
          .words = {.stop = "STOP", .length = "MAX_TOKENS", .calls_tool = "STOP"}};
}

/// About how many tokens the contents have.
std::size_t prompt_tokens_of(const json::value& request) {
  std::size_t tokens = 1;
  for (const auto* name : {"contents", "systemInstruction", "tools"}) {
    if (const auto* found = member(request, name)) tokens += token_estimate(json::serialize(*found)) / 2;
  }
  return tokens;
}

/// Writes what is said, in either form.
class content {
 public:
  content(renderer& render, const call& asked, const json::value& request)
      : render_(render), how_(asked.how), prompt_tokens_(prompt_tokens_of(request)) {
    auto keyed = request.get_object();
    keyed["model"] = target_of(asked).model;
    const auto what = question_of(request, proof_of_members(std::move(keyed)));
    const auto count = count_member(member(request, "generationConfig"), "candidateCount", 1);
    for (std::int64_t index = 0; index < std::clamp<std::int64_t>(count, 1, most_candidates); ++index) {
      candidates_.push_back(turn_for(what, how_, static_cast<std::size_t>(index)));
      if (what.text.find("unspeakable") == std::string::npos) continue;
      candidates_.back() = {.finish = how_.finish.empty() ? "SAFETY" : how_.finish};
    }
    render.set({{"model", target_of(asked).model},
                {"proof", what.proof},
                {"proof8", what.proof.substr(0, 8)},
                {"prompt_tokens", prompt_tokens_}});
  }

  [[nodiscard]] answer plain() {
    for (std::size_t index = 0; index < candidates_.size(); ++index) {
      const auto& said = candidates_[index];
      add_candidate(steps_of(said, std::max<std::size_t>(said.thoughts.size() + said.text.size(), 1)), index, true);
    }
    return render_.plain("content", next_values(true));
  }

  /// The objects of a stream; each has the next step of every candidate.
  [[nodiscard]] std::vector<std::string> chunks() {
    std::vector<json::array> waiting;
    std::size_t longest = 1;
    for (const auto& said : candidates_) {
      waiting.push_back(steps_of(said, how_.tokens_per_chunk));
      longest = std::max(longest, waiting.back().size());
    }
    std::vector<std::string> all;
    for (std::size_t at = 0; at < longest; ++at) {
      for (std::size_t index = 0; index < waiting.size(); ++index) {
        const auto& steps = waiting[index];
        if (at >= std::max<std::size_t>(steps.size(), 1)) continue;
        const auto step = steps.empty() ? json::array{} : json::array{steps[at]};
        add_candidate(step, index, at + 1 >= steps.size() && !how_.no_done);
      }
      all.push_back(render_.text("content", next_values(at + 1 == longest)));
    }
    break_off(all, how_, render_.text("broken_off"));
    return all;
  }

 private:
  /// A candidate in pieces of `size` tokens.
  [[nodiscard]] json::array steps_of(const turn& said, std::size_t size) const {
    auto how = how_;
    how.tokens_per_chunk = size;
    return render_.fill("steps", values_of(said, 0, how)).as_array();
  }

  /// Adds steps of a candidate to the next object.
  void add_candidate(const json::array& steps, std::size_t index, bool ended) {
    json::array parts;
    for (const auto& step : steps) {
      const auto& part = parts.emplace_back(step.at("part"));
      thought_tokens_ += count_member(step, "thought_tokens");
      text_tokens_ += count_member(step, "text_tokens");
      if (member(part, "functionCall") != nullptr) text_tokens_ += token_estimate(json::serialize(part));
    }
    json::object candidate{{"index", index}, {"parts", std::move(parts)}};
    if (ended) candidate["finish"] = candidates_[index].finish;
    next_.push_back(std::move(candidate));
  }

  /// The next object, and how many tokens there are so far: the text's are left out as long as there are none, except
  /// at the end.
  [[nodiscard]] json::object next_values(bool last) {
    json::object all{{"candidates", std::exchange(next_, {})},
                     {"usage", !how_.no_usage},
                     {"total_tokens", prompt_tokens_ + text_tokens_ + thought_tokens_}};
    if (text_tokens_ > 0 || last) all["text_tokens"] = text_tokens_;
    if (thought_tokens_ > 0) all["thought_tokens"] = thought_tokens_;
    return all;
  }

  const renderer& render_;
  const behaviour& how_;
  std::size_t prompt_tokens_;
  std::vector<turn> candidates_;
  json::array next_;
  std::size_t text_tokens_ = 0;
  std::size_t thought_tokens_ = 0;
};

/// The objects as events, whose lines end with CRLF; or as the elements of an array.
std::vector<std::string> framed(std::vector<std::string> objects, bool as_array) {
  for (auto& one : objects) {
    if (as_array) {
      one.insert(0, &one == &objects.front() ? "[" : "\n,\r\n");
    } else {
      one = fmt::format("data: {}\r\n\r\n", one);
    }
  }
  if (as_array) objects.emplace_back(objects.empty() ? "[]" : "\n]");
  return objects;
}

json::value embedding_of_item(const json::value& item, std::string_view model) {
  const auto wanted = std::clamp<std::int64_t>(count_member(item, "outputDimensionality", 8), 1, 3072);
  const json::array input{*member(item, "content"), string_member(item, "taskType"), string_member(item, "title")};
  const auto vector = embedding_of(input, model, wanted);
  return {{"values", json::array(vector.begin(), vector.end())}};
}

/// The contents to embed; nothing where one is missing.
std::optional<json::array> items_of(const call& asked, bool batch) {
  const auto request = parse_json(asked.body);
  if (!request || !request->is_object()) return std::nullopt;
  auto items = batch ? list_of(member(*request, "requests")) : json::array{*request};
  const bool whole = std::ranges::all_of(items, [](const auto& one) { return member(one, "content") != nullptr; });
  return whole && !items.empty() ? std::optional(std::move(items)) : std::nullopt;
}

/// POST .../models/{model}:generateContent, and :streamGenerateContent as events (`alt=sse`) or as an array. The text
/// follows from the proof (proof.h) of the body with the path's model in it as `model`, so all forms of one request say
/// the same; `responseId` is new in each answer.
///
/// - functions offered and a question that brings no function's result: a call of the first that may be called, with
///   arguments that fit its schema and a signature. `x-mock-tools` sets how many.
/// - `includeThoughts`: thoughts come first, and a signature last.
/// - `responseMimeType: application/json`: JSON that fits the schema.
/// - `candidateCount` and `maxOutputTokens` do as documented. Each chunk counts the tokens so far.
/// - a text with "unspeakable" in it is blocked.
///
/// 400: the body is no JSON object, or has no contents.
answer generate_content(const call& asked) {
  renderer render(api, asked);
  const auto request = parse_json(asked.body);
  if (!request || member(*request, "contents") == nullptr) return render.refuse("no_contents");
  content said(render, asked, *request);
  if (target_of(asked).verb != "streamGenerateContent") return said.plain();
  const bool as_array = wants_array(asked);
  auto stream = render.stream(framed(said.chunks(), as_array));
  if (as_array) stream.content_type = api.json_type;
  return stream;
}

/// POST .../models/{model}:countTokens.
answer count_tokens(const call& asked) {
  const renderer render(api, asked);
  auto request = parse_json(asked.body);
  if (request) {
    if (const auto* whole = member(*request, "generateContentRequest")) request = json::value(*whole);
  }
  if (!request || member(*request, "contents") == nullptr) return render.refuse("no_contents");
  return render.plain("count", {{"tokens", prompt_tokens_of(*request)}});
}

/// POST .../models/{model}:embedContent and :batchEmbedContents. A vector follows from the content, the model and the
/// task; `outputDimensionality` numbers, or 8. 400: a content is missing.
answer embed_content(const call& asked) {
  const renderer render(api, asked);
  const auto [model, verb] = target_of(asked);
  const bool batch = verb == "batchEmbedContents";
  const auto items = items_of(asked, batch);
  if (!items) return render.refuse("no_content");
  json::array embeddings;
  std::size_t tokens = 0;
  for (const auto& item : *items) {
    embeddings.push_back(embedding_of_item(item, model));
    tokens += token_estimate(json::serialize(*member(item, "content")));
  }
  embeddings.resize(embeddings.size() - std::min(embeddings.size(), asked.how.items_missing));
  json::object values;
  if (batch) {
    values["embeddings"] = std::move(embeddings);
  } else {
    values["embedding"] = embeddings.empty() ? json::value(nullptr) : embeddings.front();
  }
  if (!asked.how.no_usage) values["tokens"] = tokens;
  return render.plain("embedding", values);
}

/// GET .../models/<name>: that model, whether it is in the list or not.
answer one_model(const call& asked) {
  const auto name = target_of(asked).model;
  const bool embeds = name.find("embedding") != std::string_view::npos;
  return renderer(api, asked).plain(embeds ? "model.embedding" : "model", {{"name", name}});
}

constexpr route rows[] = {
    {"POST", "*/models/*:generateContent", &api, generate_content},
    {"POST", "*/models/*:streamGenerateContent", &api, generate_content},
    {"POST", "*/models/*:embedContent", &api, embed_content},
    {"POST", "*/models/*:batchEmbedContents", &api, embed_content},
    {"POST", "*/models/*:countTokens", &api, count_tokens},
    fixed("*/models", api, "models", "x-goog-api-key"),
    {"GET", "*/models/*", &api, one_model, "x-goog-api-key"},
    fixed("*/v1beta/models", api, "models"),
    {"GET", "*/v1beta/models/*", &api, one_model},
};

}  // namespace

constinit const std::span<const route> gemini_routes{rows};

}  // namespace refrain::mock
