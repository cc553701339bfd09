#include <array>

#include "base/text.h"
#include "provider/families/openai.h"
#include "provider/rules/batch.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

constexpr std::array denylist{
    unkeyed_member{"encoding_format", "how the floats are spelt: one entry serves both"},
    unkeyed_member{"user", "names the end user; keyed where the operator sets cache.key_user"},
};

/// Texts, or lists of tokens; all of one kind.
bool is_list_of_items(const canonical_value& input) {
  const auto first = input.elements().next();
  return first && !any_element(input, [&](const canonical_value& one) {
           return one.kind() != first->kind() || !(one.is(json_kind::string) || is_tokens(one));
         });
}

/// Mistral and Voyage answer with other numbers where `output_dtype` says so.
bool of_floats(const canonical_value& body) {
  const auto type = body.given("output_dtype");
  return !type || type->string() == "float";
}

/// Whether each vector depends on all that is asked for at once: Jina embeds the texts as one and cuts the vectors out
/// of it where `late_chunking` says so; models for chunks in their context (Voyage's `voyage-context-3`, Perplexity's
/// `pplx-embed-context`) say so by name. What such a request gets is one thing.
bool depends_on_batch(const canonical_value& body) {
  const auto late = body.given("late_chunking");
  return (late && !late->is(json_kind::no)) || body.text("model").contains("-context");
}

uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  parsed.group = "openai";
  read_openai_frame(body, parsed);
  const auto input = body.find("input");
  const auto wanted = body.given("encoding_format");
  const auto spelling = wanted ? wanted->string().value_or("") : "float";
  // In base64 only floats are alike with every provider: smaller numbers (`output_dtype`) are left to them.
  const bool is_known = spelling == "float" || (spelling == "base64" && of_floats(body));
  const bool is_input = input && (input->is(json_kind::string) || is_tokens(*input) || is_list_of_items(*input));
  if (parsed.model.empty() || !is_input || !is_known) return uncacheable_reason::malformed_body;
  parsed.group = "openai:" + base::percent_encode(parsed.model);
  parsed.query = shown_text(*input);
  digest_members(body, denylist, parsed);
  if (depends_on_batch(body)) {
    // One entry holds the vectors as they were spelt.
    if (wanted) digest_also("encoding_format", wanted->bytes(), parsed);
    return uncacheable_reason::none;
  }
  parsed.list = {.items = read_texts(*input, "input", parsed),
                 .as_base64 = wanted ? std::optional{spelling == "base64"} : std::nullopt};
  return uncacheable_reason::none;
}

constexpr list_rules lists{
    .asked = "input",
    .answered = "data",
    .index = "index",
    .vector = "embedding",
    .used = "usage",
    .used_as = R"({"prompt_tokens":#,"total_tokens":#})",
    .takes_base64 = true,
};
constexpr batch items{lists};

uncacheable_reason judge(const canonical_value& answer, entry::token_usage& used) {
  used = read_openai_usage(answer.find("usage"));
  return judge_vectors(answer, lists);
}

}  // namespace

constinit const dialect openai_embeddings{{
    .read = read_json<read_body>,
    .judge = judge,
    .kept_headers = openai_kept_headers,
    .items = &items,
}};

}  // namespace refrain::provider
