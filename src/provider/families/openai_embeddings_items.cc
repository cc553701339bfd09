#include "provider/families/openai_embeddings_items.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "provider/json/canonical.h"
#include "provider/json/forwarded_body.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_members.h"
#include "provider/rules/list_items.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::array denylist{
    unkeyed_member{"cache", "LiteLLM's directives to the cache itself; keyed all the same where it is no object"},
    unkeyed_member{"encoding_format", "how the floats are spelt: one entry serves both"},
    unkeyed_member{"user", "names the end user; keyed where the operator sets cache.key_user"},
};

/// An item's key has the item in it, and of the rest all but this.
constexpr std::string_view item_member = "input";

bool is_tokens(const canonical_value& value) {
  auto left = value.elements();
  const auto first = left.next();
  return first && first->is(json_kind::number);
}

/// Texts, or lists of tokens; all of one kind.
bool is_list_of_items(const canonical_value& input) {
  std::optional<json_kind> kind;
  for (auto left = input.elements(); const auto one = left.next();) {
    if (!one->is(json_kind::string) && !is_tokens(*one)) return false;
    if (kind.value_or(one->kind()) != one->kind()) return false;
    kind = one->kind();
  }
  return kind.has_value();
}

bool is_input(const canonical_value& input) {
  return input.is(json_kind::string) || is_tokens(input) || is_list_of_items(input);
}

/// Mistral and Voyage answer with other numbers where `output_dtype` says so.
bool of_floats(const canonical_value& body) {
  const auto type = body.find("output_dtype");
  return !type || type->is(json_kind::null) || type->string() == "float";
}

uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  parsed.group = "openai";
  read_openai_frame(body, parsed);
  const auto input = body.find(item_member);
  const auto encoding = body.find("encoding_format");
  const auto spelling = encoding ? encoding->string().value_or("") : std::string_view{"float"};
  // In base64 only floats are alike with every provider: smaller numbers (`output_dtype`) are left to them.
  const bool is_known = spelling == "float" || (spelling == "base64" && of_floats(body));
  if (parsed.model.empty() || !input || !is_input(*input) || !is_known) return uncacheable_reason::malformed_body;
  parsed.group = "openai:" + base::percent_encode(parsed.model);
  parsed.query = shown_text(*input);
  digest_openai_members(body, denylist, parsed);
  return uncacheable_reason::none;
}

/// All that is keyed but the input.
base::digest256 digest_of_rest(const canonical_value& body) {
  base::digest_input rest;
  for (auto left = body.members(); const auto member = left.next();) {
    const bool keyed = std::ranges::find(denylist, member->name, &unkeyed_member::name) == denylist.end();
    if (!keyed || member->name == item_member) continue;
    rest.add('n', member->name).add('v', member->value.bytes());
  }
  return base::sha256(rest.view());
}

batch_item read_item(const canonical_value& value, const base::digest256& rest) {
  base::digest_input content;
  content.add('r', rest.view()).add('i', value.bytes());
  batch_item item{.content = base::sha256(content.view()), .query = shown_text(value)};
  // Tokens are counted; texts have about one in four bytes.
  item.weight = 0;
  for (auto left = value.elements(); left.next();) item.weight += 4;
  if (const auto text = value.string()) item.weight = text->size();
  item.weight = std::max<std::uint64_t>(item.weight, 1);
  return item;
}

}  // namespace

entry::parsed_request read_openai_embeddings_request(std::string_view body) { return read_request(body, read_body); }

std::vector<batch_item> openai_embeddings_items(std::string_view body) {
  std::vector<batch_item> items;
  const auto value = canonicaliser::of_thread().read(body);
  const auto input = value ? value->find(item_member) : std::nullopt;
  if (!input) return items;
  const auto rest = digest_of_rest(*value);
  if (input->is(json_kind::string) || is_tokens(*input)) {
    items.push_back(read_item(*input, rest));
    return items;
  }
  for (auto left = input->elements(); const auto one = left.next();) items.push_back(read_item(*one, rest));
  return items;
}

std::string ask_openai_embeddings(std::string_view body, std::span<const std::size_t> wanted) {
  const auto rest = forwarded_body(body, read_openai_embeddings_request(body), false);
  const auto value = canonicaliser::of_thread().read(rest);
  const auto input = value ? value->find(item_member) : std::nullopt;
  // A list of tokens is one item.
  return !input || is_tokens(*input) ? rest : with_items(rest, item_member, wanted);
}

bool wants_base64(std::string_view body) {
  const auto value = canonicaliser::of_thread().read(body);
  return value && value->text("encoding_format") == "base64";
}

}  // namespace refrain::provider
