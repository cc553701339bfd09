#include "base/text.h"
#include "provider/families/ollama.h"
#include "provider/families/ollama_request.h"
#include "provider/rules/batch.h"
#include "provider/rules/endpoint.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

bool is_list_of_texts(const canonical_value& input) {
  return input.is(json_kind::array) &&
         !any_element(input, [](const canonical_value& one) { return !one.is(json_kind::string); });
}

uncacheable_reason read_said(const canonical_value& body, std::string_view member, bool may_be_list,
                             entry::parsed_request& parsed) {
  parsed.group = "ollama";
  parsed.model = body.text("model");
  if (parsed.model.empty()) return uncacheable_reason::malformed_body;
  parsed.group = "ollama:" + base::percent_encode(parsed.model);
  const auto text = body.given(member);
  if (!text) return uncacheable_reason::upstream_effect;
  parsed.query = shown_text(*text);
  digest_members(body, ollama_denylist, parsed);
  if (!text->is(json_kind::string) && !(may_be_list && is_list_of_texts(*text)))
    return uncacheable_reason::malformed_body;
  if (may_be_list) parsed.list.items = read_texts(*text, member, parsed);
  return text->holds_something() ? uncacheable_reason::none : uncacheable_reason::upstream_effect;
}

uncacheable_reason read_embed(const canonical_value& body, entry::parsed_request& parsed) {
  return read_said(body, "input", true, parsed);
}

uncacheable_reason read_embeddings(const canonical_value& body, entry::parsed_request& parsed) {
  return read_said(body, "prompt", false, parsed);
}

constexpr list_rules lists{
    .asked = "input",
    .answered = "embeddings",
    .used = "prompt_eval_count",
    .used_as = "#",
    .type = ollama_json_type,
};
constexpr batch items{lists};
/// The older endpoint's answers.
constexpr list_rules one_vector{.answered = "embeddings", .alone = "embedding"};

uncacheable_reason judge(const canonical_value& answer, entry::token_usage& used) {
  used = read_ollama_usage(answer);
  return judge_vectors(answer, one_vector);
}

}  // namespace

constinit const endpoint ollama_embed{{.read = read_json<read_embed>, .judge = judge, .items = &items}};

constinit const endpoint ollama_embeddings{{.read = read_json<read_embeddings>, .judge = judge}};

}  // namespace refrain::provider
