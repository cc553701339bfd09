#include "provider/rules/plain_json.h"

#include <algorithm>

#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

/// Judges the list of a plain answer.
class list_judge final : public answer_judge {
 public:
  explicit list_judge(const plain_json_rules& rules) : rules_(rules) {}

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& answer) override {
    usage_ = read_openai_usage(answer.find("usage"));
    has_content_ = true;
    return judge_each(answer.find(rules_.results), rules_.judge_result);
  }

  const plain_json_rules& rules_;
};

/// Judges a stream by its last event.
class last_event_judge final : public answer_judge {
 public:
  explicit last_event_judge(const plain_json_rules& rules) : rules_(rules) {}

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& event) override {
    const auto type = event.text("type");
    if (type == "error") return uncacheable_reason::error_event;
    if (type.empty() || type != rules_.final_event) return uncacheable_reason::none;
    ended_ = has_content_ = true;
    usage_ = read_openai_usage(event.find("usage"));
    return rules_.judge_result(event);
  }

  const plain_json_rules& rules_;
};

}  // namespace

entry::parsed_request read_plain_json(const request_view& request, const plain_json_rules& rules) {
  return read_request(request, [&](const canonical_value& body, entry::parsed_request& parsed) {
    parsed.group = rules.group;
    read_openai_frame(body, parsed);
    const auto is_there = [&](std::string_view name) { return name.empty() || body.given(name); };
    const bool is_whole = std::ranges::all_of(rules.needs, is_there);
    if (!is_whole || (!rules.final_event.empty() && !read_openai_form(body, parsed)))
      return uncacheable_reason::malformed_body;
    if (const auto shown = body.find(rules.shown)) parsed.query = shown_text(*shown);
    digest_members(body, rules.denylist, parsed);
    return uncacheable_reason::none;
  });
}

std::unique_ptr<answer_reader> read_plain_json_answer(wire_form form, const plain_json_rules& rules) {
  if (form != wire_form::stream) return read_json_answer(std::make_unique<list_judge>(rules));
  return read_event_stream(std::make_unique<last_event_judge>(rules), stream_end::final_event);
}

}  // namespace refrain::provider
