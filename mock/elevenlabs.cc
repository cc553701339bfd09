#include "mock/elevenlabs.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace refrain::mock::elevenlabs {
namespace {

namespace json = boost::json;

/// The word that ElevenLabs has for a fault, where the refusal has none.
std::string_view word_for(const refusal& why) {
  if (why.status == 401) return "invalid_api_key";
  if (why.status == 429) return "too_many_concurrent_requests";
  if (!why.code.empty()) return why.code;
  return why.status >= 500 ? "internal_server_error" : "invalid_request";
}

json::value detail_of(const refusal& why) {
  if (why.status != 422) return json::object{{"status", word_for(why)}, {"message", why.message}};
  const json::object wrong{
      {"type", why.code.empty() ? "value_error" : why.code}, {"loc", {"body", why.param}}, {"msg", why.message}};
  return json::array{wrong};
}

}  // namespace

answer refuse(const call& asked, const refusal& why) {
  return {.status = why.status,
          .headers = {{"request-id", asked.unique()}},
          .pieces = {json::serialize(json::object{{"detail", detail_of(why)}})}};
}

std::string_view credential(const call& asked) { return asked.field("xi-api-key"); }

std::vector<header> provider_headers(const call& asked, std::size_t characters) {
  return {{"request-id", asked.unique()},
          {"history-item-id", asked.uuid()},
          {"character-cost", fmt::to_string(characters)},
          {"current-concurrent-requests", "1"},
          {"maximum-concurrent-requests", "15"}};
}

}  // namespace refrain::mock::elevenlabs
