#include "mock/elevenlabs_stream_input.h"

#include <boost/json.hpp>
#include <utility>

#include "base/base64.h"
#include "mock/json.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

constexpr int character_ms = 60;

/// When each byte of the text is heard; the mock's texts are ASCII.
json::object aligned(std::string_view text) {
  json::array chars;
  json::array starts;
  json::array durations;
  for (const auto one : text) {
    starts.push_back(static_cast<int>(chars.size()) * character_ms);
    durations.push_back(character_ms);
    chars.push_back(json::string(1, one));
  }
  return {{"chars", std::move(chars)}, {"charStartTimesMs", std::move(starts)}, {"charDurationsMs", durations}};
}

class stream_input final : public talker {
 public:
  explicit stream_input(std::string voice) : voice_(std::move(voice)) {}

  remark hear(const message& said) override {
    const auto frame = parse_json(said.bytes);
    const auto* const text = frame ? member(*frame, "text") : nullptr;
    if (text == nullptr || !text->is_string()) return refuse("The message holds no text.");
    if (std::exchange(opened_, true) && text->get_string().empty()) return end();
    if (text->get_string() != " ") gathered_ += text->get_string();
    const bool speaks = is_true(*frame, "try_trigger_generation") || is_true(*frame, "flush");
    return {.messages = speaks ? spoken() : std::vector<message>{}};
  }

 private:
  /// A frame for what has gathered; none where that is nothing.
  std::vector<message> spoken() {
    const auto text = std::exchange(gathered_, {});
    if (text.empty()) return {};
    const json::object frame{{"audio", base::base64_encode(voice_ + ": " + text)},
                             {"isFinal", nullptr},
                             {"normalizedAlignment", aligned(text)},
                             {"alignment", aligned(text)}};
    return {{.bytes = json::serialize(frame)}};
  }

  remark end() {
    remark last{.messages = spoken(), .closes = true};
    last.messages.push_back({.bytes = R"({"audio":null,"isFinal":true,"normalizedAlignment":null,"alignment":null})"});
    return last;
  }

  static remark refuse(std::string_view why) {
    const json::object frame{{"message", why}, {"error", "invalid_message"}, {"code", 1008}};
    return {.messages = {{.bytes = json::serialize(frame)}}, .closes = true};
  }

  const std::string voice_;
  std::string gathered_;
  bool opened_ = false;
};

/// What stands before the path's last segment.
std::string voice_in(std::string_view path) {
  path = path.substr(0, path.rfind('/'));
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace

std::unique_ptr<talker> elevenlabs_stream_input(const call& asked) {
  return std::make_unique<stream_input>(voice_in(asked.path()));
}

}  // namespace refrain::mock
