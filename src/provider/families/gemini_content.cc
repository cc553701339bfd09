#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "provider/families/gemini.h"
#include "provider/families/gemini_answer.h"
#include "provider/families/gemini_request.h"
#include "provider/json/text_pieces.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// "Generate content", `generationConfig.temperature`: of the models that there are now.
constexpr double usual_temperature = 1;

constexpr std::array denylist{
    unkeyed_member{"generationConfig", "where it is empty, as the SDK for Python sends it; keyed in all other cases"},
    unkeyed_member{"labels", "tags of the bill; the model does not see them"},
    unkeyed_member{"serviceTier", "price and latency, not content"},
    unkeyed_member{"store", "whether the provider logs the call; `true` is not cached at all"},
};
static_assert(denylist.front().name == "generationConfig");

void digest(const canonical_value& body, entry::parsed_request& parsed) {
  const auto config = body.find("generationConfig");
  const bool says_nothing = config && config->is(json_kind::object) && !config->holds_something();
  digest_members(body, says_nothing ? std::span{denylist} : std::span{denylist}.subspan(1), parsed);
}

bool holds_tool(const canonical_value& body, std::string_view name, std::string_view other) {
  return any_of_gemini(body.find("tools"),
                       [&](const canonical_value& tool) { return find_either(tool, name, other).has_value(); });
}

bool are_contents(const std::optional<canonical_value>& contents) {
  return contents && (contents->is(json_kind::array) || contents->is(json_kind::object));
}

uncacheable_reason judge_effects(const canonical_value& body, const canonical_value& contents) {
  if (body.yes("store") || holds_tool(body, "mcpServers", "mcp_servers")) return uncacheable_reason::upstream_effect;
  const auto config = find_either(body, "generationConfig", "generation_config");
  const bool refers = (config && given_either(*config, "continuationToken", "continuation_token")) ||
                      given_either(body, "cachedContent", "cached_content") ||
                      holds_tool(body, "fileSearch", "file_search") || refers_to_gemini_file(contents);
  return refers ? uncacheable_reason::server_state : uncacheable_reason::none;
}

uncacheable_reason read_content(const canonical_value& body, const request_view& request,
                                entry::parsed_request& parsed) {
  const auto target = read_gemini_target(request, parsed);
  const auto contents = body.find("contents");
  if (!target || !are_contents(contents)) return uncacheable_reason::malformed_body;
  // Usage stands in the last chunk beside the rest: none can do without it.
  parsed.wants_usage = parsed.form == wire_form::stream;
  parsed.query = last_gemini_text(*contents);
  read_temperature(find_either(body, "generationConfig", "generation_config"), usual_temperature, parsed);
  digest(body, parsed);
  key_gemini_target(*target, request.query, parsed);
  return judge_effects(body, *contents);
}

/// The contents stand in the body, or in a whole request for content.
uncacheable_reason read_count(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  parsed.group = "gemini";
  const auto target = read_gemini_target(request, parsed);
  if (!target) return uncacheable_reason::malformed_body;
  if (const auto contents = body.find("contents")) parsed.query = last_gemini_text(*contents);
  digest_members(body, {}, parsed);
  key_gemini_target(*target, request.query, parsed);
  const auto whole = find_either(body, "generateContentRequest", "generate_content_request");
  const auto& holder = whole ? *whole : body;
  const auto contents = holder.find("contents");
  if (!are_contents(contents)) return uncacheable_reason::malformed_body;
  const bool refers = given_either(holder, "cachedContent", "cached_content") || refers_to_gemini_file(*contents);
  return refers ? uncacheable_reason::server_state : uncacheable_reason::none;
}

uncacheable_reason judge_count(const canonical_value& answer, entry::token_usage& /*used*/) {
  const auto total = answer.find("totalTokens");
  return total && total->integer() ? uncacheable_reason::none : uncacheable_reason::malformed_answer;
}

std::unique_ptr<answer_reader> read_answer(wire_form form) {
  if (form == wire_form::stream) return read_event_stream(judge_gemini_content(), stream_end::framing);
  if (form == wire_form::array) return read_json_array(judge_gemini_content());
  return read_json_answer(judge_gemini_content());
}

/// The objects that a recorded answer consists of; a plain one is its only chunk. Nothing where one is no JSON.
std::optional<std::vector<json_tree>> chunks_of(const recorded& answer) {
  std::vector<json_tree> chunks;
  const auto add = [&](json_tree&& chunk) {
    chunks.push_back(std::move(chunk));
    return true;
  };
  if (answer.form == wire_form::stream) {
    return all_event_trees(answer.body, add) ? std::optional{std::move(chunks)} : std::nullopt;
  }
  auto body = json_tree::parse(answer.body);
  if (!body) return std::nullopt;
  if (answer.form == wire_form::array && body->is(kind::array)) return std::move(body->elements);
  add(*std::move(body));
  return chunks;
}

/// The text of an answer of which one part of one candidate is all; null of any other.
json_tree* only_text(json_tree& answer) {
  auto* const candidates = answer.find("candidates", kind::array);
  if (candidates == nullptr || candidates->elements.size() != 1) return nullptr;
  auto* const content = candidates->elements.front().find("content", kind::object);
  auto* const parts = content != nullptr ? content->find("parts", kind::array) : nullptr;
  if (parts == nullptr || parts->elements.size() != 1) return nullptr;
  const auto& members = parts->elements.front().members;
  const bool is_bare = std::ranges::all_of(
      members, [](const json_tree::member& one) { return one.first == "text" || one.first == "thought"; });
  return is_bare ? parts->elements.front().find("text", kind::string) : nullptr;
}

/// A plain answer as chunks of a few words. The last has all that is told once.
std::vector<json_tree> split(json_tree&& answer) {
  std::vector<json_tree> chunks;
  if (auto* const text = only_text(answer)) {
    auto next = json_tree::object();
    const auto& candidate = answer["candidates"].elements.front();
    auto begun = json_tree::object({{"content", *candidate.find("content")}});
    if (const auto* const index = candidate.find("index")) begun["index"] = *index;
    next["candidates"] = json_tree::array({std::move(begun)});
    for (const auto* const name : {"modelVersion", "responseId"}) {
      if (const auto* const value = answer.find(name)) next[name] = *value;
    }
    const auto spelling = text->text;
    const auto pieces = cut_text(spelling, next.to_json().size() - spelling.size());
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
      only_text(next)->text = pieces[i];
      chunks.push_back(next);
    }
    if (!pieces.empty()) text->text = pieces.back();
  }
  chunks.push_back(std::move(answer));
  return chunks;
}

std::string write_events(const std::vector<json_tree>& chunks) {
  std::string out;
  for (const auto& chunk : chunks) out.append("data: ").append(chunk.to_json()).append("\r\n\r\n");
  return out;
}

/// A chunk a line, as the provider does it.
std::string write_array(const std::vector<json_tree>& chunks) {
  std::string out = "[";
  for (const auto& chunk : chunks) out.append(out.size() > 1 ? ",\r\n" : "").append(chunk.to_json());
  return out + ']';
}

base::result<std::string> turn(const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
  auto chunks = chunks_of(answer);
  if (!chunks) return cannot_turn("a chunk of it is not JSON");
  if (answer.form == wire_form::plain && !chunks->empty()) chunks = split(std::move(chunks->front()));
  if (wanted == wire_form::stream) return write_events(*chunks);
  if (wanted == wire_form::array) return write_array(*chunks);
  return TRY(merge_gemini_chunks(*std::move(chunks))).to_json();
}

}  // namespace

constinit const dialect gemini_content{{
    .read = read_json<read_content>,
    .read_answer = read_answer,
    .turn = turn,
    .json_type = gemini_json_type,
    .stream_type = "text/event-stream",
    .key_headers = gemini_key_headers,
    .last_text = {.said = "contents", .content = "parts", .answered = "candidates.content.parts.text"},
}};

constinit const dialect gemini_count_tokens{{
    .read = read_json<read_count>,
    .judge = judge_count,
    .key_headers = gemini_key_headers,
}};

}  // namespace refrain::provider
