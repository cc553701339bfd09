#include "provider/families/gemini_embeddings_answer.h"

#include <fmt/format.h>

#include "provider/families/gemini_content_judge.h"
#include "provider/json/spelt_json.h"
#include "provider/rules/float_vector.h"

namespace refrain::provider {
namespace {

using base::errc;
using base::fail;
using entry::uncacheable_reason;

constexpr std::string_view one_member = "embedding";
constexpr std::string_view list_member = "embeddings";
constexpr std::string_view usage_member = "usageMetadata";

class embeddings_judge final : public presence_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& answer) override {
    if (!answer.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    if (holds_error(answer)) return uncacheable_reason::error_event;
    if (const auto usage = answer.find(usage_member)) usage_ = read_gemini_usage(*usage);
    if (const auto one = answer.find(one_member)) return take_vector(*one);
    const auto list = answer.find(list_member);
    if (!list || !list->is(json_kind::array)) return uncacheable_reason::malformed_answer;
    for (auto left = list->elements(); const auto one = left.next();) {
      if (const auto why = take_vector(*one); why != uncacheable_reason::none) return why;
    }
    return uncacheable_reason::none;
  }

 private:
  uncacheable_reason take_vector(const canonical_value& embedding) {
    const auto values = embedding.find("values");
    if (!values || !values->is(json_kind::array)) return uncacheable_reason::malformed_answer;
    if (const auto why = judge_vector(*values); why != uncacheable_reason::none) return why;
    has_content_ = true;
    return uncacheable_reason::none;
  }
};

std::unexpected<base::error> misfit(std::string_view what) {
  return fail(errc::upstream_protocol, fmt::format("the upstream's embeddings do not fit the request: {}", what));
}

/// The vectors of an answer, be it one or a list; nothing where it is neither.
std::optional<std::vector<std::string>> vectors_of(const spelt_object& answer) {
  if (const auto* const one = find_spelt(answer, one_member)) return std::vector{*one};
  const auto* const list = find_spelt(answer, list_member);
  return list != nullptr ? spelt_elements(*list) : std::nullopt;
}

void append_rest(std::string& out, const spelt_object& answer) {
  for (const auto& [name, value] : answer) {
    if (name != one_member && name != list_member && name != usage_member) append_spelt(out, name, value);
  }
}

}  // namespace

std::unique_ptr<answer_judge> judge_gemini_embeddings() { return std::make_unique<embeddings_judge>(); }

base::result<std::vector<std::string>> split_gemini_embeddings(std::string_view answer, std::size_t count) {
  const auto members = spelt_members(answer);
  const auto vectors = members ? vectors_of(*members) : std::nullopt;
  if (!vectors) return misfit("it holds none");
  if (vectors->size() != count) return misfit(fmt::format("{} for {} contents", vectors->size(), count));
  std::vector<std::string> answers;
  for (const auto& vector : *vectors) {
    std::string one = "{";
    append_spelt(one, one_member, vector);
    append_rest(one, *members);
    answers.push_back(one + '}');
  }
  return answers;
}

base::result<std::string> join_gemini_embeddings(std::span<const std::string_view> items,
                                                 const entry::token_usage& used, bool batch) {
  spelt_object first;
  std::string vectors;
  for (const auto item : items) {
    auto members = spelt_members(item);
    const auto* const vector = members ? find_spelt(*members, one_member) : nullptr;
    if (vector == nullptr) return fail(errc::not_found, "a recorded embedding cannot be read");
    vectors.append(vectors.empty() ? "" : ",").append(*vector);
    if (first.empty()) first = *std::move(members);
  }
  std::string body = "{";
  append_spelt(body, batch ? list_member : one_member, batch ? "[" + vectors + "]" : vectors);
  append_rest(body, first);
  if (used.input) append_spelt(body, usage_member, fmt::format(R"({{"promptTokenCount":{}}})", *used.input));
  return body + '}';
}

}  // namespace refrain::provider
