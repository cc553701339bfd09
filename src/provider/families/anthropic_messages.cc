#include <algorithm>
#include <array>
#include <utility>

#include "provider/families/anthropic.h"
#include "provider/families/anthropic_answer.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

/// A hit's request id leads the provider's support to the call that made the answer. Rate limits and the organization
/// are of an account: not kept.
constexpr std::array<std::string_view, 1> headers_to_keep{"request-id"};

/// "Create a Message", `temperature`.
constexpr double usual_temperature = 1;

/// `cache_control` is not here: it changes what is billed, but also the counts in the answer's usage. Nor are `speed`
/// and `inference_geo`: who names them wants his answer made that way.
constexpr std::array denylist{
    unkeyed_member{"metadata", "names the end user for abuse reports; keyed where the operator sets cache.key_user"},
    unkeyed_member{"service_tier", "price and latency, not content"},
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
};

/// What a member says by being there, or a tool by a type that begins so; a version follows.
struct effect_row {
  std::string_view name;
  uncacheable_reason why;
};

constexpr std::array telling_members{
    effect_row{"container", uncacheable_reason::server_state},
    effect_row{"diagnostics", uncacheable_reason::server_state},
    effect_row{"thread", uncacheable_reason::server_state},
    effect_row{"mcp_servers", uncacheable_reason::upstream_effect},
    effect_row{"fallback_credit_token", uncacheable_reason::upstream_effect},
};

constexpr std::array tool_families{
    effect_row{"custom", uncacheable_reason::none},        effect_row{"bash_", uncacheable_reason::none},
    effect_row{"text_editor_", uncacheable_reason::none},  effect_row{"memory_", uncacheable_reason::none},
    effect_row{"computer_", uncacheable_reason::none},     effect_row{"browser_", uncacheable_reason::none},
    effect_row{"web_search_", uncacheable_reason::none},   effect_row{"web_fetch_", uncacheable_reason::none},
    effect_row{"tool_search_", uncacheable_reason::none},  effect_row{"advisor_", uncacheable_reason::none},
    effect_row{"code_", uncacheable_reason::server_state},
};

bool is_there(const std::optional<canonical_value>& member) {
  return member && (!member->is(json_kind::array) || member->holds_something());
}

uncacheable_reason effect_of_members(const canonical_value& body) {
  for (const auto& [name, why] : telling_members) {
    if (is_there(body.given(name))) return why;
  }
  const auto most = body.find("max_tokens");
  return most && most->integer() == 0 ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

uncacheable_reason effect_of_tool(const canonical_value& tool) {
  if (!tool.given("type")) return uncacheable_reason::none;
  const auto name = tool.text("type");
  const auto* const family =
      std::ranges::find_if(tool_families, [&](const effect_row& one) { return name.starts_with(one.name); });
  return family == tool_families.end() ? uncacheable_reason::upstream_effect : family->why;
}

/// A message, a block of its content, a block's source, or a list of such: they hold each other in `content` and
/// `source`. What a tool is called with is not looked at: a `file_id` there is the client's own.
bool refers_to_file(const canonical_value& value) {
  if (value.is(json_kind::array)) return any_element(value, refers_to_file);
  if (value.given("file_id")) return true;
  const auto content = value.find("content");
  if (content && refers_to_file(*content)) return true;
  const auto source = value.find("source");
  return source && refers_to_file(*source);
}

/// Why a request must not be cached: asking has an effect that a replay would not have, or the answer depends on state
/// that the provider keeps for a time.
///
/// - upstream_effect: tools that run at the provider and reach beyond it (MCP servers) or that nobody here knows; a
///   credit that is redeemed by the call; `max_tokens: 0`, which only warms the provider's prompt cache.
/// - server_state: a container, or code that runs in one; a thread; files by id; diagnostics against an earlier answer.
///
/// Searching and fetching from the web count as reading: how old what was found may be is what a TTL says. Tools that
/// the client runs (bash, text editor, memory, computer, browser, its own) have no effect at the provider.
uncacheable_reason effect_of(const canonical_value& body) {
  if (const auto why = effect_of_members(body); why != uncacheable_reason::none) return why;
  if (const auto why = first_reason(body.find("tools"), effect_of_tool); why != uncacheable_reason::none) return why;
  const auto messages = body.find("messages");
  return messages && refers_to_file(*messages) ? uncacheable_reason::server_state : uncacheable_reason::none;
}

/// The results of tools are messages of the user's too, mostly without a text: passed over.
std::string last_words(const canonical_value& messages) {
  std::string last;
  for (auto left = messages.elements(); const auto message = left.next();) {
    const auto content = message->find("content");
    if (!content || message->text("role") != "user") continue;
    if (auto text = shown_text(*content); !text.empty()) last = std::move(text);
  }
  return last;
}

/// What both endpoints have in common.
uncacheable_reason read_conversation(const canonical_value& body, std::span<const unkeyed_member> unkeyed,
                                     entry::parsed_request& parsed) {
  read_openai_frame(body, parsed);
  const auto messages = body.find("messages");
  if (parsed.model.empty() || !messages || !messages->is(json_kind::array)) return uncacheable_reason::malformed_body;
  parsed.query = last_words(*messages);
  digest_members(body, unkeyed, parsed);
  return effect_of(body);
}

/// False where `stream` is not what it should be.
bool read_form(const canonical_value& body, entry::parsed_request& parsed) {
  const auto stream = body.given("stream");
  if (!stream) return true;
  const auto wanted = stream->boolean();
  if (wanted == true) parsed.form = wire_form::stream;
  parsed.wants_usage = wanted == true;
  return wanted.has_value();
}

void read_end_user(const canonical_value& body, entry::parsed_request& parsed) {
  const auto metadata = body.find("metadata");
  const auto user = metadata ? metadata->given("user_id") : std::nullopt;
  if (user) parsed.user = base::sha256(user->bytes());
}

uncacheable_reason read_messages(const canonical_value& body, entry::parsed_request& parsed) {
  if (!read_form(body, parsed)) return uncacheable_reason::malformed_body;
  const auto why = read_conversation(body, denylist, parsed);
  read_temperature(body, usual_temperature, parsed);
  read_end_user(body, parsed);
  return why;
}

uncacheable_reason read_count(const canonical_value& body, entry::parsed_request& parsed) {
  return read_conversation(body, {}, parsed);
}

/// Events may say things of a message that spoil it, such as a `content` that is none: nothing is served that would not
/// have been stored.
base::result<std::string> turn(const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
  auto body = wanted == wire_form::plain ? merge_anthropic_stream(answer.body) : split_anthropic_message(answer.body);
  if (body && !is_good_answer(anthropic_messages, wanted, *body)) return cannot_turn("what it becomes is no answer");
  return body;
}

uncacheable_reason judge_count(const canonical_value& answer, entry::token_usage& used) {
  used = {.input = 0, .cached_input = {}, .output = 0};
  return answer.count("input_tokens") ? uncacheable_reason::none : uncacheable_reason::malformed_answer;
}

}  // namespace

std::span<const unkeyed_member> anthropic_messages_denylist() noexcept { return denylist; }

constinit const dialect anthropic_messages{{
    .read = read_json<read_messages>,
    .read_answer = read_anthropic_answer,
    .turn = turn,
    .kept_headers = headers_to_keep,
    .last_text = {.said = "messages", .content = "content", .answered = "content.text"},
}};

constinit const dialect anthropic_count_tokens{{
    .read = read_json<read_count>,
    .judge = judge_count,
    .kept_headers = headers_to_keep,
}};

}  // namespace refrain::provider
