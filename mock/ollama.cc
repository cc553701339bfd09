#include "mock/ollama.h"

#include <boost/json.hpp>

namespace refrain::mock::ollama {
namespace {

namespace json = boost::json;

json::object described(std::string_view name) {
  return {{"name", name},
          {"model", name},
          {"modified_at", "2026-05-04T14:56:49.277302595Z"},
          {"size", 2019393189},
          {"digest", "a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72"},
          {"details",
           {{"parent_model", ""},
            {"format", "gguf"},
            {"family", "llama"},
            {"families", json::array{"llama"}},
            {"parameter_size", "3.2B"},
            {"quantization_level", "Q4_K_M"}}}};
}

}  // namespace

answer refuse(const call& /*asked*/, const refusal& why) {
  answer reply = json_answer(json::object{{"error", why.message}});
  reply.status = why.status;
  return reply;
}

std::string_view credential(const call& asked) { return asked.authorization("Bearer"); }

answer json_answer(const json::value& body) {
  return {.content_type = "application/json; charset=utf-8", .pieces = {json::serialize(body)}};
}

answer lines_answer(const std::vector<json::object>& lines) {
  answer reply{.content_type = "application/x-ndjson", .chunked = true};
  for (const auto& line : lines) reply.pieces.push_back(json::serialize(line) + '\n');
  return reply;
}

answer list_models(const call& /*asked*/) {
  return json_answer({{"models", json::array{described("llama3.2:latest"), described("all-minilm:latest")}}});
}

answer version(const call& /*asked*/) { return json_answer({{"version", "0.12.6"}}); }

}  // namespace refrain::mock::ollama
