#include "mock/openai_embeddings.h"

#include <algorithm>
#include <bit>
#include <boost/json.hpp>

#include "mock/base64.h"
#include "mock/embedding_vector.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

/// Texts and lists of tokens, one by one.
json::array inputs_of(const json::value& request) {
  const auto& input = *member(request, "input");
  const auto* const list = input.if_array();
  const bool one = list == nullptr || list->empty() || list->front().is_number();
  return one ? json::array{input} : *list;
}

json::value numbers(const std::vector<float>& vector) {
  json::array all;
  for (const auto one : vector) all.emplace_back(one);
  return all;
}

json::value bytes_of(const std::vector<float>& vector) {
  static_assert(std::endian::native == std::endian::little);
  const std::string_view bytes{reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)};
  return json::string(mock::base64(bytes));
}

}  // namespace

answer embeddings(const call& asked) {
  const auto request = read_object(asked, {"input", "model"});
  if (!request) return refuse(asked, request.error());
  const auto model = string_member(*request, "model");
  const auto dimensions = std::clamp<std::int64_t>(count_member(*request, "dimensions", 8), 1, 4096);
  const bool as_base64 = string_member(*request, "encoding_format") == "base64";
  json::array data;
  std::uint64_t tokens = 0;
  for (const auto& input : inputs_of(*request)) {
    const auto vector = embedding_of(input, model, dimensions);
    tokens += input.is_string() ? token_estimate(input.get_string()) : input.is_array() ? input.get_array().size() : 1;
    data.push_back({{"object", "embedding"},
                    {"index", data.size()},
                    {"embedding", as_base64 ? bytes_of(vector) : numbers(vector)}});
  }
  data.resize(data.size() - std::min(data.size(), asked.wish.items_missing));
  if (asked.wish.items_reversed) std::ranges::reverse(data);
  return json_answer(asked, {{"object", "list"},
                             {"data", data},
                             {"model", model},
                             {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}}});
}

}  // namespace refrain::mock::openai
