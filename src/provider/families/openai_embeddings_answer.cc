#include "provider/families/openai_embeddings_answer.h"

#include <fmt/format.h>

#include "provider/json/spelt_json.h"
#include "provider/rules/float_vector.h"

namespace refrain::provider {
namespace {

using base::errc;
using base::fail;
using entry::uncacheable_reason;

class embeddings_judge final : public presence_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& answer) override {
    if (!answer.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    if (holds_error(answer)) return uncacheable_reason::error_event;
    usage_ = read_openai_usage(answer.find("usage"));
    const auto data = answer.find("data");
    if (!data || !data->is(json_kind::array)) return uncacheable_reason::malformed_answer;
    for (auto left = data->elements(); const auto one = left.next();) {
      const auto vector = one->find("embedding");
      if (!vector) return uncacheable_reason::malformed_answer;
      if (const auto why = judge_vector(*vector); why != uncacheable_reason::none) return why;
      has_content_ = true;
    }
    return uncacheable_reason::none;
  }
};

std::unexpected<base::error> misfit(std::string_view what) {
  return fail(errc::upstream_protocol, fmt::format("the upstream's embeddings do not fit the request: {}", what));
}

/// An element without its index, which must be this one.
std::optional<std::string> element_at(std::string_view element, std::size_t index) {
  const auto members = spelt_members(element);
  if (!members) return std::nullopt;
  const auto* const said = find_spelt(*members, "index");
  if (said != nullptr && *said != std::to_string(index)) return std::nullopt;
  std::string out = "{";
  for (const auto& one : *members) {
    if (one.name != "index") append_spelt(out, one.name, one.value);
  }
  return out + '}';
}

/// The element of a recorded answer, with its index, its floats spelt as they are wanted.
std::optional<std::string> element_for(std::string_view recorded, std::size_t index, vector_form wanted) {
  const auto members = spelt_members(recorded);
  if (!members) return std::nullopt;
  std::string out = "{";
  for (const auto& one : *members) {
    auto value = one.name == "embedding" ? to_vector_form(one.value, wanted) : std::optional{one.value};
    if (!value) return std::nullopt;
    append_spelt(out, one.name, *value);
  }
  append_spelt(out, "index", std::to_string(index));
  return out + '}';
}

}  // namespace

std::unique_ptr<answer_judge> judge_openai_embeddings() { return std::make_unique<embeddings_judge>(); }

base::result<std::vector<std::string>> split_openai_embeddings(std::string_view answer, std::size_t count) {
  const auto members = spelt_members(answer);
  const auto* const data = members ? find_spelt(*members, "data") : nullptr;
  const auto elements = data != nullptr ? spelt_elements(*data) : std::nullopt;
  if (!elements) return misfit("it holds no list");
  if (elements->size() != count) return misfit(fmt::format("{} for {} inputs", elements->size(), count));

  std::vector<std::string> answers;
  for (std::size_t i = 0; i < count; ++i) {
    const auto element = element_at((*elements)[i], i);
    if (!element) return misfit(fmt::format("number {} is in another place", i));
    std::string one = "{";
    for (const auto& member : *members) {
      if (member.name == "usage") continue;
      append_spelt(one, member.name, member.name == "data" ? "[" + *element + "]" : member.value);
    }
    answers.push_back(one + '}');
  }
  return answers;
}

base::result<std::string> join_openai_embeddings(std::span<const std::string_view> items,
                                                 const entry::token_usage& used, bool base64) {
  const auto wanted = base64 ? vector_form::base64 : vector_form::numbers;
  spelt_object envelope;
  std::string data = "[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto members = spelt_members(items[i]);
    const auto* const list = members ? find_spelt(*members, "data") : nullptr;
    const auto elements = list != nullptr ? spelt_elements(*list) : std::nullopt;
    const auto element = elements && elements->size() == 1 ? element_for(elements->front(), i, wanted) : std::nullopt;
    if (!element) return fail(errc::not_found, "an embedding cannot be spelt as it is asked for");
    data.append(i == 0 ? "" : ",").append(*element);
    if (i == 0) envelope = *std::move(members);
  }
  data.push_back(']');

  std::string body = "{";
  for (const auto& one : envelope) append_spelt(body, one.name, one.name == "data" ? data : one.value);
  if (used.input) {
    append_spelt(body, "usage", fmt::format(R"({{"prompt_tokens":{0},"total_tokens":{0}}})", *used.input));
  }
  return body + '}';
}

}  // namespace refrain::provider
