#include "provider/litellm/value.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <span>
#include <utility>

#include "provider/json/decimal.h"
#include "provider/json/json_text.h"
#include "provider/json/json_tree.h"
#include "provider/litellm/python_literal.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Where LiteLLM puts what a provider says beyond OpenAI's own.
constexpr std::string_view put_aside = "provider_specific_fields";

std::optional<json_tree> read_either(std::string_view text) {
  auto tree = json_tree::parse(text);
  return tree ? std::move(tree) : read_python_literal(text);
}

std::optional<json_tree> response_in(json_tree& value) {
  auto* const response = value.find("response");
  if (response == nullptr) return std::nullopt;
  if (!response->is(kind::string)) return std::move(*response);
  const auto text = text_of_json(response->text);
  return text ? read_either(*text) : std::nullopt;
}

/// Python's `time.time()`.
std::optional<base::sys_seconds> time_in(const json_tree& value) {
  constexpr double latest = 1e11;
  const auto* const stamp = value.find("timestamp", kind::scalar);
  const auto seconds = stamp != nullptr ? number_of(stamp->text) : std::nullopt;
  if (!seconds || *seconds < 0 || *seconds > latest) return std::nullopt;
  return base::sys_seconds{std::chrono::seconds{static_cast<std::int64_t>(std::floor(*seconds))}};
}

/// Members that say nothing, but for those of which a provider itself says that it is nothing.
void drop_nulls(json_tree& from, std::span<const std::string_view> but = {}) {
  std::erase_if(from.members, [&](const json_tree::member& one) {
    return one.second.is_null() && std::ranges::find(but, one.first) == but.end();
  });
}

void put_back(json_tree& into) {
  auto* const aside = into.find(put_aside);
  if (aside == nullptr) return;
  auto members = std::move(aside->members);
  into.erase(put_aside);
  for (auto& [name, value] : members) {
    if (into.find(name) == nullptr) into.members.emplace_back(std::move(name), std::move(value));
  }
}

void restore_usage(json_tree& answer) {
  auto* const usage = answer.find("usage", kind::object);
  if (usage == nullptr) return;
  for (auto& [name, details] : usage->members) drop_nulls(details);
  drop_nulls(*usage);
}

void restore_choice(json_tree& choice) {
  static constexpr std::array<std::string_view, 2> finish{"finish_reason", "logprobs"};
  static constexpr std::array<std::string_view, 2> said{"content", "refusal"};
  put_back(choice);
  drop_nulls(choice, finish);
  auto* const message = choice.find("message", kind::object);
  if (message == nullptr) return;
  put_back(*message);
  drop_nulls(*message, said);
}

void restore(json_tree& answer) {
  static constexpr std::array<std::string_view, 2> frame{"system_fingerprint", "service_tier"};
  std::erase_if(answer.members, [](const json_tree::member& one) { return one.first.starts_with('_'); });
  drop_nulls(answer, frame);
  restore_usage(answer);
  if (auto* const choices = answer.find("choices")) std::ranges::for_each(choices->elements, restore_choice);
}

/// The vector in what was kept: of an item, or of a whole answer that holds one.
json_tree* vector_in(json_tree& kept) {
  if (kept.spelling("object") == "embedding") return kept.find("embedding");
  auto* const all = kept.spelling("object") == "list" ? kept.find("data", kind::array) : nullptr;
  if (all == nullptr || all->elements.size() != 1) return nullptr;
  return all->elements.front().find("embedding");
}

json_tree answer_with(json_tree vector, const json_tree& kept, std::string_view model) {
  auto part = json_tree::object({{"object", json_tree::string("embedding")}, {"embedding", std::move(vector)}});
  std::vector<json_tree> parts;
  parts.push_back(std::move(part));
  auto answer =
      json_tree::object({{"object", json_tree::string("list")}, {"data", json_tree::array(std::move(parts))}});
  const auto* const named = kept.find("model", kind::string);
  answer["model"] = named != nullptr ? *named : json_tree::string(json_of_text(model));
  const auto* const usage = kept.find("usage", kind::object);
  const auto* const tokens = usage != nullptr ? usage->find("prompt_tokens") : kept.find("prompt_tokens");
  if (tokens != nullptr && tokens->integer()) {
    answer["usage"] = json_tree::object({{"prompt_tokens", *tokens}, {"total_tokens", *tokens}});
  }
  return answer;
}

bool is_chat_completion(const json_tree& answer) { return answer.spelling("object") == "chat.completion"; }

}  // namespace

std::optional<litellm_answer> read_litellm_value(std::string_view value) {
  auto kept = read_either(value);
  if (!kept || !kept->is(kind::object)) return std::nullopt;
  auto answer = response_in(*kept);
  if (!answer || !answer->is(kind::object) || !is_chat_completion(*answer)) return std::nullopt;
  restore(*answer);
  return litellm_answer{.body = answer->to_json(), .kept_at = time_in(*kept)};
}

std::optional<litellm_answer> read_litellm_embedding(std::string_view value, std::string_view model) {
  auto kept = read_either(value);
  if (!kept || !kept->is(kind::object)) return std::nullopt;
  auto answer = response_in(*kept);
  auto* const vector = answer && answer->is(kind::object) ? vector_in(*answer) : nullptr;
  if (vector == nullptr) return std::nullopt;
  auto taken = std::exchange(*vector, json_tree{});
  return litellm_answer{.body = answer_with(std::move(taken), *answer, model).to_json(), .kept_at = time_in(*kept)};
}

}  // namespace refrain::provider
