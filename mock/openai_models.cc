#include "mock/openai_models.h"

#include <boost/json.hpp>
#include <string_view>

#include "mock/openai.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::string_view names[] = {"gpt-4o", "gpt-4o-mini", "gpt-5", "gpt-5-mini", "mock-reasoner"};

json::object described(std::string_view name) {
  return {{"id", name}, {"object", "model"}, {"created", 1721172741}, {"owned_by", "system"}};
}

answer wrap(const call& asked, const json::object& body) {
  return {.headers = provider_headers(asked), .pieces = {json::serialize(body)}};
}

}  // namespace

answer list_models(const call& asked) {
  json::array models;
  for (const auto name : names) models.push_back(described(name));
  return wrap(asked, {{"object", "list"}, {"data", models}});
}

answer one_model(const call& asked) {
  const auto path = asked.path();
  return wrap(asked, described(path.substr(path.rfind('/') + 1)));
}

}  // namespace refrain::mock::openai
