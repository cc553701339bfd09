#include "mock/elevenlabs_lists.h"

#include <boost/json.hpp>
#include <string_view>

namespace refrain::mock::elevenlabs {
namespace {

namespace json = boost::json;

struct named {
  std::string_view id;
  std::string_view name;
};

constexpr named voices[] = {{"mock0000000000000001", "Alder"}, {"mock0000000000000002", "Birch"}};
constexpr named models[] = {{"eleven_multilingual_v2", "Eleven Multilingual v2"},
                            {"eleven_flash_v2_5", "Eleven Flash v2.5"}};

json::object voice_of(const named& one) {
  return {{"voice_id", one.id},
          {"name", one.name},
          {"category", "premade"},
          {"labels", {{"language", "en"}}},
          {"available_for_tiers", json::array{}},
          {"settings", nullptr}};
}

json::object model_of(const named& one) {
  return {{"model_id", one.id},
          {"name", one.name},
          {"can_do_text_to_speech", true},
          {"can_do_voice_conversion", false},
          {"can_be_finetuned", false},
          {"token_cost_factor", 1.0},
          {"maximum_text_length_per_request", 10'000},
          {"languages", json::array{json::object{{"language_id", "en"}, {"name", "English"}}}}};
}

}  // namespace

answer list_voices(const call& asked) {
  json::array list;
  for (const auto& one : voices) list.push_back(voice_of(one));
  json::object body{{"voices", std::move(list)}};
  if (asked.path().ends_with("/v2/voices")) {
    body["has_more"] = false;
    body["total_count"] = std::size(voices);
    body["next_page_token"] = nullptr;
  }
  return {.pieces = {json::serialize(body)}};
}

answer list_models(const call&) {
  json::array list;
  for (const auto& one : models) list.push_back(model_of(one));
  return {.pieces = {json::serialize(list)}};
}

}  // namespace refrain::mock::elevenlabs
