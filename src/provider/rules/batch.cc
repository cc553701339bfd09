#include "provider/rules/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "provider/json/forwarded_body.h"
#include "provider/json/json_tree.h"
#include "provider/rules/answer_judge.h"
#include "provider/rules/float_vector.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// A member of our own in recorded parts, see `mark_unasked_form`.
constexpr std::string_view kept_as_it_came = "refrain_as_it_came";

/// An answer taken apart: what it says of the whole, with a null where its parts stood.
struct opened {
  json_tree envelope;
  std::vector<json_tree> parts{};
};

/// Nothing where an answer holds no parts.
std::optional<opened> open(std::string_view answer, const list_rules& rules) {
  // As far as the members of parts that are looked into: what is below is long, and stays as it is.
  auto tree = json_tree::parse_outer(answer, rules.index.empty() ? 2 : 3);
  if (!tree) return std::nullopt;
  opened made{.envelope = *std::move(tree)};
  if (auto* const only = rules.alone.empty() ? nullptr : made.envelope.find(rules.alone)) {
    if (made.envelope.find(rules.answered) != nullptr) return std::nullopt;
    made.parts.push_back(std::exchange(*only, json_tree{}));
  } else if (auto* const list = made.envelope.find(rules.answered, kind::array)) {
    made.parts = std::exchange(*list, json_tree{}).elements;
  } else {
    return std::nullopt;
  }
  return made;
}

/// The answer with other parts, and another statement of what they used where there is one.
json_tree close(json_tree envelope, std::vector<json_tree> parts, bool alone, const list_rules& rules,
                std::optional<json_tree> used) {
  envelope.erase(rules.used);
  for (auto& [name, value] : envelope.members) {
    if (name != rules.answered && (rules.alone.empty() || name != rules.alone)) continue;
    name = alone ? rules.alone : rules.answered;
    value = alone ? std::move(parts.front()) : json_tree::array(std::move(parts));
    break;
  }
  if (used) envelope[rules.used] = *std::move(used);
  return envelope;
}

/// Brings parts that say their index into its order, and takes it from them. False where some of them say it and some
/// do not, or an index is none, another's, or beyond the last.
bool put_in_order(std::vector<json_tree>& parts, const list_rules& rules) {
  if (rules.index.empty()) return true;
  if (!std::ranges::all_of(parts, [](const json_tree& part) { return part.is(kind::object); })) return false;
  if (std::ranges::none_of(parts, [&](const json_tree& part) { return part.find(rules.index) != nullptr; }))
    return true;
  std::vector<std::optional<json_tree>> ordered(parts.size());
  for (auto& part : parts) {
    const auto index = part.integer(rules.index);
    if (!index || !std::in_range<std::size_t>(*index) || static_cast<std::size_t>(*index) >= parts.size()) return false;
    auto& place = ordered[static_cast<std::size_t>(*index)];
    if (place) return false;
    part.erase(rules.index);
    place = std::move(part);
  }
  std::ranges::transform(ordered, parts.begin(), [](auto& part) { return *std::move(part); });
  return true;
}

/// Marks a part whose vector came as bytes though the request did not say how it wants it: to a request that does not
/// say it either, it stays as it is.
void mark_unasked_form(json_tree& part, const entry::item_list& asked, const list_rules& rules) {
  const auto* const vector = rules.takes_base64 ? part.find(rules.vector) : nullptr;
  if (vector == nullptr || !vector->is(kind::string) || asked.as_base64) return;
  part[kept_as_it_came] = json_tree::scalar("true");
}

/// Makes a recorded part one of this place and form. False where its vector cannot be spelt so.
bool put_in_place(json_tree& part, std::size_t place, std::optional<bool> as_base64, const list_rules& rules) {
  const bool stays = !as_base64 && part.find(kept_as_it_came) != nullptr;
  part.erase(kept_as_it_came);
  if (auto* const vector = rules.takes_base64 && !stays ? part.find(rules.vector) : nullptr) {
    auto spelt =
        to_vector_form(vector->to_json(), as_base64.value_or(false) ? vector_form::base64 : vector_form::numbers);
    if (!spelt) return false;
    *vector = json_tree::scalar(*std::move(spelt));
  }
  if (!rules.index.empty()) part[rules.index] = json_tree::scalar(std::to_string(place));
  return true;
}

std::optional<json_tree> usage_of(const entry::token_usage& usage, const list_rules& rules) {
  if (!usage.input || rules.used.empty()) return std::nullopt;
  std::string spelt;
  for (const char c : rules.used_as) spelt += c == '#' ? std::to_string(*usage.input) : std::string(1, c);
  return json_tree::scalar(std::move(spelt));
}

/// Tokens are counted; texts have about one in four bytes.
std::uint64_t weight_of(const canonical_value& item) {
  if (const auto text = item.string()) return std::max<std::uint64_t>(text->size(), 1);
  std::uint64_t weight = 0;
  for (auto left = item.elements(); left.next();) weight += 4;
  return weight;
}

std::unexpected<base::error> misfit(std::string_view detail) {
  return base::fail(base::errc::upstream_protocol,
                    fmt::format("the parts of the upstream's answer do not fit the request: {}", detail));
}

}  // namespace

std::string batch::ask_for(const entry::parsed_request& request, std::string_view body,
                           std::span<const std::size_t> wanted) const {
  if (request.list.items.size() == wanted.size()) return forwarded_body(body, request, false);
  auto tree = json_tree::parse_outer(body, 2);
  auto* const items = tree ? tree->find(rules_.asked, kind::array) : nullptr;
  if (items == nullptr) return std::string{body};
  std::vector<json_tree> some;
  for (const auto i : wanted) some.push_back(std::move(items->elements[i]));
  items->elements = std::move(some);
  if (request.directives.present) tree->erase("cache");
  return tree->to_json();
}

base::result<std::vector<std::string>> batch::take_apart(std::string_view answer, std::size_t count,
                                                         const entry::item_list& asked) const {
  auto all = open(answer, rules_);
  if (!all) return misfit("it holds none");
  if (!rules_.alone.empty() && asked.alone != (all->envelope.find(rules_.alone) != nullptr)) {
    return misfit("one vector and a list of them are not the same");
  }
  if (all->parts.size() != count) return misfit(fmt::format("{} for {} items", all->parts.size(), count));
  // An answer that does not say what all items used is the only item's as it is.
  if (count == 1 && rules_.used.empty()) return std::vector{std::string{answer}};
  if (!put_in_order(all->parts, rules_)) return misfit("it does not say clearly which part is which item's");
  std::vector<std::string> answers;
  for (auto& one : all->parts) {
    mark_unasked_form(one, asked, rules_);
    std::vector<json_tree> part;
    part.push_back(std::move(one));
    answers.push_back(close(all->envelope, std::move(part), !rules_.alone.empty(), rules_, {}).to_json());
  }
  return answers;
}

base::result<rendering> batch::put_together(const entry::item_list& request, std::span<const std::string_view> items,
                                            const entry::token_usage& usage) const {
  std::optional<json_tree> envelope;
  std::vector<json_tree> parts;
  for (const auto item : items) {
    auto one = open(item, rules_);
    if (!one || one->parts.size() != 1 || !put_in_place(one->parts[0], parts.size(), request.as_base64, rules_)) {
      return base::fail(base::errc::not_found, "a recorded part cannot take the form that is asked for");
    }
    parts.push_back(std::move(one->parts[0]));
    if (!envelope) envelope = std::move(one->envelope);
  }
  if (items.size() == 1 && rules_.used.empty()) {
    return rendering{.content_type = std::string{rules_.type}, .body = std::string{items[0]}};
  }
  const auto body = close(envelope ? *std::move(envelope) : json_tree::object(), std::move(parts), request.alone,
                          rules_, usage_of(usage, rules_));
  return rendering{.content_type = std::string{rules_.type}, .body = body.to_json()};
}

uncacheable_reason judge_vectors(const canonical_value& answer, const list_rules& rules) {
  const auto judge_part = [&rules](const canonical_value& part) {
    const auto vector = rules.vector.empty() ? std::optional{part} : part.find(rules.vector);
    const bool may_be = vector && (rules.takes_base64 || vector->is(json_kind::array));
    return may_be ? judge_vector(*vector) : uncacheable_reason::malformed_answer;
  };
  const auto only = rules.alone.empty() ? std::nullopt : answer.find(rules.alone);
  if (only && rules.alone != rules.answered && answer.find(rules.answered)) return uncacheable_reason::malformed_answer;
  return only ? judge_part(*only) : judge_each(answer.find(rules.answered), judge_part);
}

base::digest256 digest_beside(const entry::parsed_request& parsed, std::string_view asked) {
  base::digest_input rest;
  for (const auto& [name, value] : parsed.fields) {
    if (name != asked) rest.add('n', name).add('v', value);
  }
  return base::sha256(rest.view());
}

std::vector<entry::listed_item> read_texts(const canonical_value& said, std::string_view asked,
                                           const entry::parsed_request& parsed) {
  std::vector<entry::listed_item> items;
  const auto rest = digest_beside(parsed, asked);
  const auto add = [&](const canonical_value& one) {
    items.push_back({.content = digest_of_item(rest, one.bytes()), .query = shown_text(one), .weight = weight_of(one)});
    return false;
  };
  if (said.is(json_kind::string) || is_tokens(said)) {
    add(said);
  } else {
    (void)any_element(said, add);
  }
  return items;
}

bool is_tokens(const canonical_value& value) {
  const auto first = value.elements().next();
  return first && first->is(json_kind::number);
}

base::digest256 digest_of_item(const base::digest256& rest, std::string_view said) {
  base::digest_input content;
  content.add('r', rest.view()).add('i', said);
  return base::sha256(content.view());
}

}  // namespace refrain::provider
