#include "mock/talk.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <iterator>

#include "mock/elevenlabs.h"
#include "mock/elevenlabs_stream_input.h"
#include "mock/openai.h"
#include "mock/sarvam.h"
#include "mock/sarvam_speech_socket.h"

namespace refrain::mock {
namespace {

/// Says every message back.
class echo final : public talker {
 public:
  remark hear(const message& said) override { return {.messages = {said}}; }
};

std::unique_ptr<talker> meet_echo(const call& /*asked*/) { return std::make_unique<echo>(); }

constexpr dialect openai_sockets{.refuse = openai::refuse, .credential = openai::credential};
constexpr dialect elevenlabs_sockets{.refuse = elevenlabs::refuse, .credential = elevenlabs::credential};
constexpr dialect sarvam_sockets{.refuse = sarvam::refuse, .credential = sarvam::credential, .no_key_status = 403};

constexpr talk_route talks[] = {
    {"*/text-to-speech/*/stream-input", &elevenlabs_sockets, elevenlabs_stream_input},
    {"*/text-to-speech/ws", &sarvam_sockets, sarvam_speech_socket},
    {"*/realtime", &openai_sockets, meet_echo},
    {"*/echo", &openai_sockets, meet_echo},
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
