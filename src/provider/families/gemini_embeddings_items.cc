#include "provider/families/gemini_embeddings_items.h"

#include <algorithm>

#include "base/text.h"
#include "provider/families/gemini_content_request.h"
#include "provider/families/gemini_target.h"
#include "provider/json/canonical.h"
#include "provider/rules/answer_judge.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_members.h"
#include "provider/rules/list_items.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::string_view list_member = "requests";

/// An item names the model once more, as a resource.
bool names_model(const canonical_value& item, std::string_view model) {
  const auto member = item.find("model");
  if (is_null_or_absent(member)) return true;
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
  const auto list = body.find(list_member);
  if (target.verb != "batchEmbedContents")
    return list ? uncacheable_reason::malformed_body : judge_item(body, target.model);
  if (!list || !list->is(json_kind::array) || !holds_something(*list)) return uncacheable_reason::malformed_body;
  for (auto left = list->elements(); const auto one = left.next();) {
    if (const auto why = judge_item(*one, target.model); why != uncacheable_reason::none) return why;
  }
  return uncacheable_reason::none;
}

std::string text_of(const canonical_value& item) {
  const auto content = item.find("content");
  return content ? last_gemini_text(*content) : std::string{};
}

uncacheable_reason read_body(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  const auto target = gemini_target::read(request.path);
  parsed.group = "gemini";
  if (!target) return uncacheable_reason::malformed_body;
  parsed.model = target->model;
  parsed.group = "gemini:" + base::percent_encode(target->model);
  const keyed_query query{request.query};
  if (!gemini_form(query, false)) return uncacheable_reason::malformed_body;
  if (const auto why = judge_items(body, *target); why != uncacheable_reason::none) return why;
  const auto list = body.find(list_member);
  parsed.query = text_of(list ? *list->elements().next() : body);
  digest_members(body, {}, parsed);
  key_gemini_target(*target, query, parsed);
  return uncacheable_reason::none;
}

/// What an item shares with the others of its request: the target, and what a list has beside it.
base::digest256 digest_of_rest(const canonical_value& body, const request_view& request) {
  entry::parsed_request rest;
  if (is_gemini_batch(request.path)) {
    static constexpr unkeyed_member beside[]{{list_member, "the items themselves"}};
    digest_members(body, beside, rest);
  } else {
    rest.content = base::sha256(base::digest_input{}.view());
  }
  key_gemini_target(*gemini_target::read(request.path), keyed_query{request.query}, rest);
  return rest.content;
}

batch_item read_item(const canonical_value& item, const base::digest256& rest) {
  base::digest_input content;
  content.add('r', rest.view());
  for (auto left = item.members(); const auto member = left.next();) {
    // Known to be the target's.
    if (member->name != "model") content.add('n', member->name).add('v', member->value.bytes());
  }
  return {.content = base::sha256(content.view()),
          .query = text_of(item),
          .weight = std::max<std::uint64_t>(item.find("content")->bytes().size(), 1)};
}

}  // namespace

entry::parsed_request read_gemini_embeddings_request(const request_view& request) {
  return read_request(request.body, [&](const canonical_value& body, entry::parsed_request& parsed) {
    return read_body(body, request, parsed);
  });
}

std::vector<batch_item> gemini_embeddings_items(const request_view& request) {
  std::vector<batch_item> items;
  const auto body = canonicaliser::of_thread().read(request.body);
  if (!body) return items;
  const auto rest = digest_of_rest(*body, request);
  if (!is_gemini_batch(request.path)) {
    items.push_back(read_item(*body, rest));
    return items;
  }
  for (auto left = body->find(list_member)->elements(); const auto one = left.next();) {
    items.push_back(read_item(*one, rest));
  }
  return items;
}

std::string ask_gemini_embeddings(std::string_view body, std::span<const std::size_t> wanted) {
  return with_items(body, list_member, wanted);
}

bool is_gemini_batch(std::string_view path) noexcept { return path.ends_with(":batchEmbedContents"); }

}  // namespace refrain::provider
