#include <algorithm>

#include "base/text.h"
#include "provider/families/gemini.h"
#include "provider/families/gemini_answer.h"
#include "provider/families/gemini_request.h"
#include "provider/rules/batch.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

/// An item names the model once more, as a resource.
bool names_model(const canonical_value& item, std::string_view model) {
  const auto member = item.given("model");
  if (!member) return true;
  const auto name = member->string().value_or("");
  return name == model || (name.starts_with("models/") && name.substr(7) == model);
}

uncacheable_reason judge_item(const canonical_value& item, std::string_view model) {
  const auto content = item.find("content");
  if (!item.is(json_kind::object) || !names_model(item, model) || !content || !content->is(json_kind::object)) {
    return uncacheable_reason::malformed_body;
  }
  return refers_to_gemini_file(*content) ? uncacheable_reason::server_state : uncacheable_reason::none;
}

uncacheable_reason judge_items(const canonical_value& body, const gemini_target& target) {
  const auto list = body.find("requests");
  if (target.verb != "batchEmbedContents")
    return list ? uncacheable_reason::malformed_body : judge_item(body, target.model);
  if (!list || !list->is(json_kind::array) || !list->holds_something()) return uncacheable_reason::malformed_body;
  return first_reason(list, [&](const canonical_value& one) { return judge_item(one, target.model); });
}

std::string text_of(const canonical_value& item) {
  const auto content = item.find("content");
  return content ? last_gemini_text(*content) : std::string{};
}

/// What an item shares with the others of its request: the target, and what a list has beside it.
base::digest256 digest_of_rest(const entry::parsed_request& parsed, const gemini_target& target, std::string_view query,
                               bool is_list) {
  entry::parsed_request rest;
  rest.content = is_list ? digest_beside(parsed, "requests") : base::sha256(base::digest_input{}.view());
  key_gemini_target(target, query, rest);
  return rest.content;
}

entry::listed_item read_item(const canonical_value& item, const base::digest256& rest,
                             const entry::parsed_request& parsed) {
  base::digest_input said;
  for (auto left = item.members(); const auto member = left.next();) {
    // Known to be the target's.
    if (member->name != "model" && !is_ignored(parsed, member->name))
      said.add('n', member->name).add('v', member->value.bytes());
  }
  return {.content = digest_of_item(rest, said.view()),
          .query = text_of(item),
          .weight = std::max<std::uint64_t>(item.find("content")->bytes().size(), 1)};
}

uncacheable_reason read_body(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  const auto target = read_gemini_target(request, parsed);
  parsed.group = parsed.model.empty() ? "gemini" : "gemini:" + base::percent_encode(parsed.model);
  if (!target) return uncacheable_reason::malformed_body;
  if (const auto why = judge_items(body, *target); why != uncacheable_reason::none) return why;
  const auto list = body.find("requests");
  digest_members(body, {}, parsed);
  const auto rest = digest_of_rest(parsed, *target, request.query, list.has_value());
  parsed.list.alone = !list;
  if (!list) parsed.list.items.push_back(read_item(body, rest, parsed));
  (void)any_element(list, [&](const canonical_value& one) {
    parsed.list.items.push_back(read_item(one, rest, parsed));
    return false;
  });
  parsed.query = parsed.list.items.front().query;
  key_gemini_target(*target, request.query, parsed);
  return uncacheable_reason::none;
}

constexpr list_rules lists{
    .asked = "requests",
    .answered = "embeddings",
    .alone = "embedding",
    .vector = "values",
    .used = "usageMetadata",
    .used_as = R"({"promptTokenCount":#})",
    .type = gemini_json_type,
};
constexpr batch items{lists};

uncacheable_reason judge(const canonical_value& answer, entry::token_usage& used) {
  if (const auto usage = answer.find("usageMetadata")) used = read_gemini_usage(*usage);
  return judge_vectors(answer, lists);
}

}  // namespace

constinit const dialect gemini_embeddings{{
    .read = read_json<read_body>,
    .judge = judge,
    .key_headers = gemini_key_headers,
    .items = &items,
}};

}  // namespace refrain::provider
