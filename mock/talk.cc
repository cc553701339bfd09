#include "mock/talk.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <iterator>

#include "mock/elevenlabs.h"
#include "mock/openai.h"
#include "mock/routes.h"
#include "mock/sarvam.h"

namespace refrain::mock {
namespace {

/// Says every message back.
class echo final : public talker {
 public:
  remark hear(const message& said) override { return {.messages = {said}}; }
};

std::unique_ptr<talker> meet_echo(const call& /*asked*/) { return std::make_unique<echo>(); }

constexpr talk_route talks[] = {
    {"*/text-to-speech/*/stream-input", &elevenlabs::api, elevenlabs::stream_input},
    {"*/text-to-speech/ws", &sarvam::api, sarvam::speech_socket},
    {"*/realtime", &openai::api, meet_echo},
    {"*/echo", &openai::api, meet_echo},
};

bool asks_for_websocket(const call& asked) {
  using tokens = boost::beast::http::token_list;
  const auto upgrade = asked.field("Upgrade");
  const auto connection = asked.field("Connection");
  return asked.method == "GET" && tokens{{upgrade.data(), upgrade.size()}}.exists("websocket") &&
         tokens{{connection.data(), connection.size()}}.exists("upgrade");
}

}  // namespace

const talk_route* find_talk(const call& asked) {
  if (!asks_for_websocket(asked)) return nullptr;
  const auto* const found =
      std::ranges::find_if(talks, [&](const talk_route& row) { return fits(row.pattern, asked.path()); });
  return found == std::end(talks) ? nullptr : found;
}

}  // namespace refrain::mock
