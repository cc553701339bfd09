#include "provider/families/ollama.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "base/text.h"
#include "provider/json/text_pieces.h"
#include "provider/rules/batch.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_lines.h"
#include "provider/rules/json_request.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Members that every endpoint of Ollama's leaves out of the key.
constexpr std::array denylist{
    unkeyed_member{"keep_alive", "how long the model stays in the server's memory"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
};

/// docs/modelfile.md, `temperature`; a model's own file may say another, which nobody here knows.
constexpr double usual_temperature = 0.8;

constexpr std::string_view json_type = "application/json; charset=utf-8";

/// The tokens that an answer counts.
entry::token_usage read_usage(const canonical_value& answer) {
  return {.input = answer.count("prompt_eval_count"), .cached_input = {}, .output = answer.count("eval_count")};
}

/// What both text endpoints have: a model, and lines unless they are declined. False where they are not what they
/// should be.
bool read_frame(const canonical_value& body, entry::parsed_request& parsed) {
  parsed.model = body.text("model");
  const auto stream = body.given("stream");
  const bool lines = !stream || stream->boolean().value_or(true);
  parsed.form = lines ? wire_form::stream : wire_form::plain;
  read_temperature(body.find("options"), usual_temperature, parsed);
  // The last line counts the tokens beside what ends the stream: none can do without it.
  parsed.wants_usage = lines;
  return !parsed.model.empty() && (!stream || stream->boolean());
}

/// A request whose `member` has what is said; empty or absent it asks for nothing.
uncacheable_reason read_said(const canonical_value& body, std::string_view member, json_kind kind,
                             entry::parsed_request& parsed) {
  if (!read_frame(body, parsed)) return uncacheable_reason::malformed_body;
  const auto said = body.given(member);
  if (!said) return uncacheable_reason::upstream_effect;
  if (!said->is(kind)) return uncacheable_reason::malformed_body;
  if (!said->holds_something()) return uncacheable_reason::upstream_effect;
  parsed.query = kind == json_kind::array ? last_question(*said) : shown_text(*said);
  digest_members(body, denylist, parsed);
  return uncacheable_reason::none;
}

uncacheable_reason read_chat(const canonical_value& body, entry::parsed_request& parsed) {
  return read_said(body, "messages", json_kind::array, parsed);
}

uncacheable_reason read_prompt(const canonical_value& body, entry::parsed_request& parsed) {
  return read_said(body, "prompt", json_kind::string, parsed);
}

bool says_something(const canonical_value& line) {
  for (const auto* const name : {"response", "thinking", "tool_calls", "image"}) {
    if (const auto said = line.find(name); said && said->holds_something()) return true;
  }
  const auto message = line.find("message");
  return message && message->holds_more_than({"role"});
}

constexpr std::array<std::string_view, 1> good_finishes{"stop"};
constexpr std::array<std::string_view, 1> cut_finishes{"length"};
constexpr finish_reasons finishes{.good = good_finishes, .cut = cut_finishes};

/// Judges an answer, whole or line by line: it ends with `done`, for one of the reasons `stop` and `length` (a model
/// that was only loaded has another), and says something.
class text_judge final : public answer_judge {
 public:
  [[nodiscard]] uncacheable_reason judge() const override {
    return ended_ ? answer_judge::judge() : uncacheable_reason::truncated;
  }

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& line) override {
    const auto reason = line.given("done_reason");
    if (reason && !reason->is(json_kind::string)) return uncacheable_reason::malformed_answer;
    const auto why = line.text("done_reason");
    if (!why.empty()) {
      if (const auto filtered = take_finish(why, finishes); filtered != uncacheable_reason::none) return filtered;
    }
    has_content_ = has_content_ || says_something(line);
    keep_latest(usage_, read_usage(line));
    ended_ = line.yes("done");
    return uncacheable_reason::none;
  }
};

std::unique_ptr<answer_reader> read_answer(wire_form form) {
  auto judge = std::make_unique<text_judge>();
  return form == wire_form::stream ? read_json_lines(std::move(judge)) : read_json_answer(std::move(judge));
}

constexpr std::array message_members{
    merge_rule{.member = "content", .action = merging::append},
    merge_rule{.member = "thinking", .action = merging::append},
    merge_rule{.member = "logprobs", .action = merging::concat},
    merge_rule{.member = "tool_calls", .action = merging::concat},
};
constexpr merge_rules message_rules{.members = message_members};

constexpr std::array line_members{
    merge_rule{.member = "message", .action = merging::members, .inner = &message_rules},
    merge_rule{.member = "created_at", .action = merging::last},
    merge_rule{.member = "done", .action = merging::last},
    merge_rule{.member = "done_reason", .action = merging::last_words},
    merge_rule{.member = "response", .action = merging::append},
    merge_rule{.member = "thinking", .action = merging::append},
    merge_rule{.member = "logprobs", .action = merging::concat},
    merge_rule{.member = "tool_calls", .action = merging::concat},
};

/// Whether a member of a line is of what the answer says, not of how it ends.
bool is_said(std::string_view name) {
  const auto* const rule = std::ranges::find(line_members, name, &merge_rule::member);
  return rule != line_members.end() && rule->action != merging::last && rule->action != merging::last_words;
}

/// The lines of an answer as the one object that a plain answer is.
base::result<std::string> merge_lines(std::string_view lines) {
  auto answer = json_tree::object();
  const bool whole = all_lines(lines, [&](std::string_view line) {
    auto one = json_tree::parse(line);
    return one && merge_members(answer, *std::move(one), {.members = line_members});
  });
  if (!whole) return cannot_turn("two of its lines do not go together");
  return answer.to_json();
}

/// What is left of a message once it has been said: whose it is, and that nothing more is.
json_tree emptied(const json_tree& message) {
  auto rest = json_tree::object();
  for (const auto& [name, value] : message.members) {
    if (name == "role") rest[name] = value;
    if (name == "content") rest[name] = json_tree::string("");
  }
  return rest;
}

/// The text that lines have in pieces: of a message its content, else what a prompt was answered with. Null where there
/// is none.
json_tree* text_in(json_tree& line) {
  auto* const message = line.find("message", kind::object);
  return message != nullptr ? message->find("content", kind::string) : line.find("response", kind::string);
}

/// The lines of what is said: the first with all but its text, which comes a few words each.
std::string write_said(json_tree&& said) {
  auto next = json_tree::object();
  for (const auto& [name, value] : said.members) {
    if (name == "message") next[name] = emptied(value);
    if (name == "response") next[name] = json_tree::string("");
    if (name == "model" || name == "created_at" || name == "done") next[name] = value;
  }
  auto* const text = text_in(said);
  auto* const goes_on = text_in(next);
  if (text == nullptr || goes_on == nullptr) return said.to_json() + '\n';
  std::string lines;
  const auto spelling = text->text;
  const auto pieces = cut_text(spelling, next.to_json().size());
  if (!pieces.empty()) text->text = pieces.front();
  lines.append(said.to_json()).push_back('\n');
  for (const auto piece : pieces | std::views::drop(1)) {
    goes_on->text = piece;
    lines.append(next.to_json()).push_back('\n');
  }
  return lines;
}

/// A plain answer as lines: what it says, and what ends it.
base::result<std::string> split_answer(std::string_view plain) {
  auto answer = json_tree::parse(plain);
  if (!answer || !answer->is(kind::object)) return cannot_turn("it is no JSON object");
  auto said = json_tree::object();
  auto end = json_tree::object();
  for (auto& [name, value] : answer->members) {
    if (name == "model" || name == "created_at") {
      said[name] = value;
      end[name] = std::move(value);
    } else if (!is_said(name) || (name == "message" && !value.is(kind::object))) {
      end[name] = std::move(value);
    } else {
      if (name == "message") end[name] = emptied(value);
      if (name == "response" && value.is(kind::string)) end[name] = json_tree::string("");
      said[name] = std::move(value);
    }
  }
  said["done"] = json_tree::scalar("false");
  return write_said(std::move(said)) + end.to_json() + '\n';
}

/// Both text endpoints: they differ in how a request is read.
constexpr dialect_rules rules_of(entry::parsed_request (*read)(const request_view&), const text_place& last_text) {
  return {
      .read = read,
      .read_answer = read_answer,
      .turn =
          [](const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
            return wanted == wire_form::plain ? merge_lines(answer.body) : split_answer(answer.body);
          },
      .json_type = json_type,
      .stream_type = "application/x-ndjson",
      .last_text = last_text,
  };
}

bool is_list_of_texts(const canonical_value& input) {
  return input.is(json_kind::array) &&
         !any_element(input, [](const canonical_value& one) { return !one.is(json_kind::string); });
}

uncacheable_reason read_input(const canonical_value& body, std::string_view member, bool may_be_list,
                              entry::parsed_request& parsed) {
  parsed.group = "ollama";
  parsed.model = body.text("model");
  if (parsed.model.empty()) return uncacheable_reason::malformed_body;
  parsed.group = "ollama:" + base::percent_encode(parsed.model);
  const auto text = body.given(member);
  if (!text) return uncacheable_reason::upstream_effect;
  parsed.query = shown_text(*text);
  digest_members(body, denylist, parsed);
  if (!text->is(json_kind::string) && !(may_be_list && is_list_of_texts(*text)))
    return uncacheable_reason::malformed_body;
  if (may_be_list) parsed.list.items = read_texts(*text, member, parsed);
  return text->holds_something() ? uncacheable_reason::none : uncacheable_reason::upstream_effect;
}

uncacheable_reason read_embed(const canonical_value& body, entry::parsed_request& parsed) {
  return read_input(body, "input", true, parsed);
}

uncacheable_reason read_embeddings(const canonical_value& body, entry::parsed_request& parsed) {
  return read_input(body, "prompt", false, parsed);
}

constexpr list_rules lists{
    .asked = "input",
    .answered = "embeddings",
    .used = "prompt_eval_count",
    .used_as = "#",
    .type = json_type,
};
constexpr batch items{lists};
/// The older endpoint's answers.
constexpr list_rules one_vector{.answered = "embedding", .alone = "embedding"};

template <const list_rules& Rules>
uncacheable_reason judge_embeddings(const canonical_value& answer, entry::token_usage& used) {
  used = read_usage(answer);
  return judge_vectors(answer, Rules);
}

}  // namespace

constinit const dialect ollama_chat{
    rules_of(read_json<read_chat>, {.said = "messages", .content = "content", .answered = "message.content"})};

constinit const dialect ollama_generate{
    rules_of(read_json<read_prompt>, {.said = "prompt", .barred = "images", .answered = "response"})};

constinit const dialect ollama_embed{
    {.read = read_json<read_embed>, .judge = judge_embeddings<lists>, .items = &items}};
constinit const dialect ollama_embeddings{{.read = read_json<read_embeddings>, .judge = judge_embeddings<one_vector>}};

}  // namespace refrain::provider
