#include "provider/families/gemini_count_tokens.h"

#include "provider/families/gemini_content_request.h"
#include "provider/families/gemini_headers.h"
#include "provider/families/gemini_target.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_request.h"
#include "provider/rules/single_form.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;
using entry::wire_form;

class count_judge final : public answer_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& answer) override {
    if (!answer.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    if (holds_error(answer)) return uncacheable_reason::error_event;
    const auto total = answer.find("totalTokens");
    return total && total->integer() ? uncacheable_reason::none : uncacheable_reason::malformed_answer;
  }
  [[nodiscard]] uncacheable_reason judge() const override { return uncacheable_reason::none; }
  [[nodiscard]] const entry::token_usage& usage() const override { return none_; }

 private:
  entry::token_usage none_;
};

/// The contents stand in the body, or in a whole request for content.
uncacheable_reason judge_contents(const canonical_value& body) {
  const auto whole = find_either(body, "generateContentRequest", "generate_content_request");
  const auto& holder = whole ? *whole : body;
  const auto contents = holder.find("contents");
  if (!contents || !(contents->is(json_kind::array) || contents->is(json_kind::object)))
    return uncacheable_reason::malformed_body;
  const bool refers =
      !is_null_or_absent(find_either(holder, "cachedContent", "cached_content")) || refers_to_gemini_file(*contents);
  return refers ? uncacheable_reason::server_state : uncacheable_reason::none;
}

uncacheable_reason read_body(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  const auto target = gemini_target::read(request.path);
  parsed.group = "gemini";
  if (!target) return uncacheable_reason::malformed_body;
  parsed.model = target->model;
  const keyed_query query{request.query};
  if (!gemini_form(query, false)) return uncacheable_reason::malformed_body;
  if (const auto contents = body.find("contents")) parsed.query = last_gemini_text(*contents);
  digest_members(body, {}, parsed);
  key_gemini_target(*target, query, parsed);
  return judge_contents(body);
}

class gemini_count_tokens_dialect final : public single_form {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_request(request.body, [&](const canonical_value& body, entry::parsed_request& parsed) {
      return read_body(body, request, parsed);
    });
  }
  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form /*form*/) const override {
    return read_json_answer(std::make_unique<count_judge>());
  }
  [[nodiscard]] std::span<const std::string_view> key_headers() const override { return gemini_key_headers; }
};

}  // namespace

const dialect& gemini_count_tokens() noexcept {
  static const gemini_count_tokens_dialect only;
  return only;
}

}  // namespace refrain::provider
