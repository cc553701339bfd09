#include "provider/families/ollama_embed_items.h"

#include <algorithm>

#include "base/text.h"
#include "provider/families/ollama_text_request.h"
#include "provider/json/canonical.h"
#include "provider/rules/json_request.h"
#include "provider/rules/list_items.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::string_view item_member = "input";

bool is_list_of_texts(const canonical_value& input) {
  if (!input.is(json_kind::array)) return false;
  for (auto left = input.elements(); const auto one = left.next();) {
    if (!one->is(json_kind::string)) return false;
  }
  return true;
}

uncacheable_reason read_texts(const canonical_value& body, std::string_view member, entry::parsed_request& parsed) {
  parsed.group = "ollama";
  parsed.model = body.text("model");
  if (parsed.model.empty()) return uncacheable_reason::malformed_body;
  parsed.group = "ollama:" + base::percent_encode(parsed.model);
  const auto text = body.find(member);
  if (is_null_or_absent(text)) return uncacheable_reason::upstream_effect;
  parsed.query = shown_text(*text);
  digest_members(body, ollama_denylist(), parsed);
  return uncacheable_reason::none;
}

uncacheable_reason read_embed(const canonical_value& body, entry::parsed_request& parsed) {
  if (const auto why = read_texts(body, item_member, parsed); why != uncacheable_reason::none) return why;
  const auto input = *body.find(item_member);
  if (!input.is(json_kind::string) && !is_list_of_texts(input)) return uncacheable_reason::malformed_body;
  const bool empty = input.is(json_kind::string) ? input.string()->empty() : !input.elements().next();
  return empty ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

uncacheable_reason read_embeddings(const canonical_value& body, entry::parsed_request& parsed) {
  if (const auto why = read_texts(body, "prompt", parsed); why != uncacheable_reason::none) return why;
  const auto prompt = body.find("prompt")->string();
  if (!prompt) return uncacheable_reason::malformed_body;
  return prompt->empty() ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

/// All that is keyed but the texts.
base::digest256 digest_of_rest(const canonical_value& body) {
  entry::parsed_request whole;
  digest_members(body, ollama_denylist(), whole);
  base::digest_input rest;
  for (const auto& [name, value] : whole.fields) {
    if (name != item_member) rest.add('n', name).add('v', value);
  }
  return base::sha256(rest.view());
}

batch_item read_item(const canonical_value& text, const base::digest256& rest) {
  base::digest_input content;
  content.add('r', rest.view()).add('i', text.bytes());
  return {.content = base::sha256(content.view()),
          .query = shown_text(text),
          .weight = std::max<std::uint64_t>(text.string().value_or("").size(), 1)};
}

}  // namespace

entry::parsed_request read_ollama_embed_request(std::string_view body) { return read_request(body, read_embed); }

entry::parsed_request read_ollama_embeddings_request(std::string_view body) {
  return read_request(body, read_embeddings);
}

std::vector<batch_item> ollama_embed_items(std::string_view body) {
  std::vector<batch_item> items;
  const auto value = canonicaliser::of_thread().read(body);
  const auto input = value ? value->find(item_member) : std::nullopt;
  if (!input) return items;
  const auto rest = digest_of_rest(*value);
  if (input->is(json_kind::string)) items.push_back(read_item(*input, rest));
  for (auto left = input->elements(); const auto one = left.next();) items.push_back(read_item(*one, rest));
  return items;
}

std::string ask_ollama_embed(std::string_view body, std::span<const std::size_t> wanted) {
  return with_items(body, item_member, wanted);
}

}  // namespace refrain::provider
