#include "mock/gemini_models.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <string_view>

#include "mock/gemini.h"

namespace refrain::mock::gemini {
namespace {

namespace json = boost::json;

constexpr std::string_view names[] = {"gemini-2.5-flash", "gemini-2.5-pro", "gemini-embedding-001"};

json::object described(std::string_view name) {
  const bool embeds = name.find("embedding") != std::string_view::npos;
  return {{"name", fmt::format("models/{}", name)},
          {"version", "001"},
          {"displayName", name},
          {"inputTokenLimit", embeds ? 2048 : 1048576},
          {"outputTokenLimit", embeds ? 1 : 65536},
          {"supportedGenerationMethods",
           embeds ? json::array{"embedContent", "countTokens"} : json::array{"generateContent", "countTokens"}}};
}

}  // namespace

answer list_models(const call& /*asked*/) {
  json::array models;
  for (const auto name : names) models.push_back(described(name));
  return json_answer({{"models", models}});
}

answer one_model(const call& asked) { return json_answer(described(target_of(asked).model)); }

}  // namespace refrain::mock::gemini
