#include "mock/routes.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/rfc7230.hpp>

#include "mock/openai.h"
#include "mock/renderer.h"

namespace refrain::mock {
namespace {

constexpr route no_route{"*", "*", &openai::api,
                         [](const call& asked) { return renderer(openai::api, asked).refuse("no_route"); }};

/// The most particular first: OpenAI's patterns end in words that stand at the end of others too.
constexpr std::array all_routes{&ollama_routes,          &sarvam_routes,       &elevenlabs_routes,  &gemini_routes,
                                &openai_chat_routes,     &openai_audio_routes, &openai_list_routes, &deepgram_routes,
                                &openai_response_routes, &cartesia_routes,     &anthropic_routes,   &plain_routes};

bool asks_for_websocket(const call& asked) {
  using tokens = boost::beast::http::token_list;
  const auto upgrade = asked.field("Upgrade");
  const auto connection = asked.field("Connection");
  return asked.method == "GET" && tokens{{upgrade.data(), upgrade.size()}}.exists("websocket") &&
         tokens{{connection.data(), connection.size()}}.exists("upgrade");
}

}  // namespace

answer route::answer_to(const call& asked) const {
  return form.empty() ? respond(asked) : renderer(*speaks, asked).plain(form);
}

bool fits(std::string_view pattern, std::string_view path) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, star))) return false;
  const auto rest = pattern.substr(star + 1);
  for (auto from = star; from <= path.size(); ++from) {
    if (fits(rest, path.substr(from))) return true;
  }
  return false;
}

const route& find_route(const call& asked) {
  const auto method = asked.method == "HEAD" ? std::string_view("GET") : std::string_view(asked.method);
  const bool websocket = asks_for_websocket(asked);
  const auto is_meant = [&](const route& row) {
    return (row.open == nullptr || websocket) && (row.method == "*" || row.method == method) &&
           fits(row.pattern, asked.path()) && (row.shown_by.empty() || !asked.field(row.shown_by).empty());
  };
  for (const auto* table : all_routes) {
    const auto found = std::ranges::find_if(*table, is_meant);
    if (found != table->end()) return *found;
  }
  return no_route;
}

}  // namespace refrain::mock
