#include "provider/families/ollama_embed_answer.h"

#include <fmt/format.h>

#include "provider/families/ollama_text_judge.h"
#include "provider/json/spelt_json.h"
#include "provider/rules/float_vector.h"

namespace refrain::provider {
namespace {

using base::errc;
using base::fail;
using entry::uncacheable_reason;

constexpr std::string_view list_member = "embeddings";
constexpr std::string_view count_member = "prompt_eval_count";

class embeddings_judge final : public presence_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& answer) override {
    if (!answer.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    if (holds_error(answer)) return uncacheable_reason::error_event;
    usage_ = read_ollama_usage(answer);
    if (const auto one = answer.find("embedding")) return take_vector(*one);
    const auto list = answer.find(list_member);
    if (!list || !list->is(json_kind::array)) return uncacheable_reason::malformed_answer;
    for (auto left = list->elements(); const auto one = left.next();) {
      if (const auto why = take_vector(*one); why != uncacheable_reason::none) return why;
    }
    return uncacheable_reason::none;
  }

 private:
  uncacheable_reason take_vector(const canonical_value& vector) {
    if (!vector.is(json_kind::array)) return uncacheable_reason::malformed_answer;
    if (const auto why = judge_vector(vector); why != uncacheable_reason::none) return why;
    has_content_ = true;
    return uncacheable_reason::none;
  }
};

std::unexpected<base::error> misfit(std::string_view what) {
  return fail(errc::upstream_protocol, fmt::format("the upstream's embeddings do not fit the request: {}", what));
}

/// An answer with other vectors in it, and another count of tokens where there is one.
std::string rewritten(const spelt_object& answer, std::string_view vectors, std::optional<std::uint64_t> tokens) {
  std::string out = "{";
  for (const auto& [name, value] : answer) {
    if (name != count_member) append_spelt(out, name, name == list_member ? vectors : std::string_view{value});
  }
  if (tokens) append_spelt(out, count_member, std::to_string(*tokens));
  return out + '}';
}

}  // namespace

std::unique_ptr<answer_judge> judge_ollama_embeddings() { return std::make_unique<embeddings_judge>(); }

base::result<std::vector<std::string>> split_ollama_embeddings(std::string_view answer, std::size_t count) {
  const auto members = spelt_members(answer);
  const auto* const list = members ? find_spelt(*members, list_member) : nullptr;
  const auto vectors = list != nullptr ? spelt_elements(*list) : std::nullopt;
  if (!vectors) return misfit("it holds no list");
  if (vectors->size() != count) return misfit(fmt::format("{} for {} inputs", vectors->size(), count));
  std::vector<std::string> answers;
  for (const auto& one : *vectors) answers.push_back(rewritten(*members, "[" + one + "]", {}));
  return answers;
}

base::result<std::string> join_ollama_embeddings(std::span<const std::string_view> items,
                                                 const entry::token_usage& used) {
  spelt_object first;
  std::string vectors = "[";
  for (const auto item : items) {
    auto members = spelt_members(item);
    const auto* const list = members ? find_spelt(*members, list_member) : nullptr;
    const auto only = list != nullptr ? spelt_elements(*list) : std::nullopt;
    if (!only || only->size() != 1) return fail(errc::not_found, "a recorded embedding cannot be read");
    vectors.append(vectors.size() == 1 ? "" : ",").append(only->front());
    if (first.empty()) first = *std::move(members);
  }
  return rewritten(first, vectors + "]", used.input);
}

}  // namespace refrain::provider
