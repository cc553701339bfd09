#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "provider/families/openai.h"
#include "provider/families/openai_responses_split.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_request.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

constexpr std::array denylist{
    unkeyed_member{"stream", "the form on the wire: one entry serves both"},
    unkeyed_member{"stream_options", "shapes the replay, not the content"},
};

/// A tool that the provider runs itself, and what its running leaves behind.
uncacheable_reason judge_tool(const canonical_value& tool) {
  const auto type = tool.text("type");
  if (type == "mcp") return uncacheable_reason::upstream_effect;
  // What stands in a vector store changes with each file that is put there.
  if (type == "code_interpreter" || type == "file_search") return uncacheable_reason::server_state;
  const auto environment = tool.find("environment");
  const bool hosted = environment && environment->text("type").starts_with("container");
  return hosted ? uncacheable_reason::server_state : uncacheable_reason::none;
}

uncacheable_reason judge_tools(const canonical_value& holder) { return first_reason(holder.find("tools"), judge_tool); }

uncacheable_reason judge_state(const canonical_value& body) {
  if (body.yes("background") || body.given("conversation")) return uncacheable_reason::upstream_effect;
  const auto prompt = body.given("prompt");
  if (prompt && prompt->text("version").empty()) return uncacheable_reason::server_state;
  if (const auto why = judge_tools(body); why != uncacheable_reason::none) return why;
  // Tools also come with items of the input (`additional_tools`).
  return first_reason(body.find("input"), judge_tools);
}

bool holds_file_id(const std::optional<canonical_value>& content) {
  return any_element(content, [](const canonical_value& part) { return part.given("file_id").has_value(); });
}

/// Whether an item names something that the provider has and the request does not show.
bool refers(const canonical_value& item) {
  return item.text("type") == "item_reference" || holds_file_id(item.find("content")) ||
         holds_file_id(item.find("output"));
}

bool refers_to_kept_things(const canonical_value& body) {
  return body.given("previous_response_id") || body.given("prompt") || any_element(body.find("input"), refers);
}

/// `input` is a text or a list of items, and may be absent where a template brings it.
bool read_input(const canonical_value& body, entry::parsed_request& parsed) {
  const auto input = body.given("input");
  if (!input) return body.given("prompt") || body.given("previous_response_id");
  if (!input->is(json_kind::string) && !input->is(json_kind::array)) return false;
  parsed.query = input->is(json_kind::string) ? shown_text(*input) : last_question(*input);
  return true;
}

uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  parsed.bound_to_account = true;
  read_openai_frame(body, parsed);
  read_temperature(body, openai_temperature, parsed);
  const bool names_model = !parsed.model.empty() || body.given("prompt");
  if (!read_openai_form(body, parsed) || !names_model || !read_input(body, parsed))
    return uncacheable_reason::malformed_body;
  digest_members(body, denylist, parsed);
  parsed.exact_only = refers_to_kept_things(body);
  return judge_state(body);
}

constexpr std::array<std::string_view, 4> final_events{"response.completed", "response.incomplete", "response.failed",
                                                       "response.cancelled"};

/// Whether a message has a part with words in it. Other items (calls, reasoning, images) are something by being there.
bool says_something(const canonical_value& item) {
  if (item.text("type") != "message") return true;
  return any_element(item.find("content"), [](const canonical_value& part) {
    return !part.text("text").empty() || !part.text("refusal").empty();
  });
}

/// Why a response is incomplete.
constexpr std::array<std::string_view, 1> cut_finishes{"max_output_tokens"};
constexpr std::array<std::string_view, 1> filters{"content_filter"};
constexpr finish_reasons finishes{.good = {}, .cut = cut_finishes, .filtered = filters};

/// Judges a response object: the plain answer, or what a stream's last event carries. Stored is one whose status is
/// `completed`, or `incomplete` at the length that was asked for, with something in its output and no error.
class response_judge : public answer_judge {
 protected:
  [[nodiscard]] uncacheable_reason read(const canonical_value& response) override {
    usage_ = read_openai_usage(response.find("usage"));
    const auto output = response.given("output");
    if (!has_items_ && !output) return uncacheable_reason::malformed_answer;
    if (output && !output->is(json_kind::array)) return uncacheable_reason::malformed_answer;
    // Its own items count for more than those that came before.
    if (output && output->holds_something()) has_content_ = false;
    const auto why = first_reason(output, [this](const canonical_value& item) { return take_item(item); });
    return why != uncacheable_reason::none ? why : judge_status(response);
  }

  uncacheable_reason take_item(const canonical_value& item) {
    if (!item.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    has_content_ = has_content_ || says_something(item);
    return uncacheable_reason::none;
  }

  bool has_items_ = false;  ///< some came before the response

 private:
  uncacheable_reason judge_status(const canonical_value& response) {
    const auto status = response.text("status");
    if (status == "completed") return uncacheable_reason::none;
    if (status == "failed" || status == "cancelled") return uncacheable_reason::error_event;
    const auto details = response.find("incomplete_details");
    if (status != "incomplete" || !details) return uncacheable_reason::unfinished_choice;
    const auto reason = details->text("reason");
    if (reason.empty()) return uncacheable_reason::unfinished_choice;
    return take_finish(reason, finishes);
  }
};

/// Has an item of the output, whole.
constexpr std::string_view item_event = "response.output_item.done";

bool is_final(std::string_view type) { return std::ranges::find(final_events, type) != final_events.end(); }

/// A stream ends with the event that carries the whole response. Of what comes before it, errors count, and the items,
/// which some servers leave out of the response.
class response_stream_judge final : public response_judge {
  [[nodiscard]] uncacheable_reason read(const canonical_value& event) override {
    const auto type = event.text("type");
    if (type == "error") return uncacheable_reason::error_event;
    if (type == item_event) {
      const auto item = event.find("item");
      has_items_ = true;
      return item ? take_item(*item) : uncacheable_reason::malformed_answer;
    }
    if (!is_final(type)) return uncacheable_reason::none;
    ended_ = true;
    const auto response = event.find("response");
    if (!response || !response->is(json_kind::object)) return uncacheable_reason::malformed_answer;
    return holds_error(*response) ? uncacheable_reason::error_event : response_judge::read(*response);
  }
};

std::unique_ptr<answer_reader> read_answer(wire_form form) {
  if (form == wire_form::plain) return read_json_answer(std::make_unique<response_judge>());
  return read_event_stream(std::make_unique<response_stream_judge>(), stream_end::final_event);
}

/// Gathers the response of a recorded stream: what its final event carries, to the letter, with the items that came
/// before where it has none.
class gathering {
 public:
  /// False where the final event is not what it should be.
  bool add(json_tree&& event) {
    const auto type = event.spelling("type");
    if (response_ || (type != item_event && !is_final(type))) return true;
    if (type == item_event) {
      items_are_clear_ = items_are_clear_ && add_item(event);
      return true;
    }
    auto* const held = event.find("response", json_tree::kind::object);
    if (held != nullptr) response_ = std::move(*held);
    return held != nullptr;
  }

  /// Nothing where there is no response, or its items are not clear.
  [[nodiscard]] std::optional<std::string> finish() && {
    if (!response_) return std::nullopt;
    json_tree& output = (*response_)["output"];
    if (output.is_null()) output = json_tree::array();
    if (output.elements.empty()) {
      if (!items_are_clear_) return std::nullopt;
      for (auto& [index, item] : items_) output.elements.push_back(std::move(item));
    }
    return response_->to_json();
  }

 private:
  bool add_item(json_tree& event) {
    auto* const item = event.find("item", json_tree::kind::object);
    const auto at = event.integer("output_index");
    return item != nullptr && at && items_.size() < max_merged_parts && items_.emplace(*at, std::move(*item)).second;
  }

  std::optional<json_tree> response_;
  std::map<std::int64_t, json_tree> items_;  ///< by their place in the output
  bool items_are_clear_ = true;              ///< each has a place of its own
};

base::result<std::string> response_in(std::string_view stream) {
  gathering gathered;
  const bool whole = all_event_trees(stream, [&](json_tree&& event) { return gathered.add(std::move(event)); });
  auto body = whole ? std::move(gathered).finish() : std::nullopt;
  if (!body) return cannot_turn("its events carry no whole response");
  return *std::move(body);
}

}  // namespace

// Usage is a member of the response: every recording has it.
constinit const dialect openai_responses{{
    .read = read_json<read_body>,
    .read_answer = read_answer,
    .turn =
        [](const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
          return wanted == wire_form::plain ? response_in(answer.body) : split_openai_response(answer.body);
        },
    .kept_headers = openai_kept_headers,
    .last_text = {.said = "input", .content = "content", .answered = "output.content.text"},
}};

}  // namespace refrain::provider
