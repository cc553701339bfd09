#include <boost/json.hpp>
#include <utility>

#include "base/base64.h"
#include "mock/json.h"
#include "mock/renderer.h"
#include "mock/sarvam.h"

namespace refrain::mock::sarvam {
namespace {

namespace json = boost::json;

class speech_talker final : public talker {
 public:
  explicit speech_talker(const call& asked) : asked_(asked), render_(api, asked_) {
    const auto tells = asked.parameter("send_completion_event").value_or("");
    tells_end_ = tells == "true" || tells == "True";  // the latter is how Python's SDK writes it
  }

  remark hear(const message& said) override {
    const auto frame = parse_json(said.bytes);
    if (!frame) return refuse("The message is not JSON.");
    const auto type = string_member(*frame, "type");
    const auto* const content = member(*frame, "data");
    if (type == "ping") return {};
    if (type == "config" && content != nullptr) return configure(*content);
    if (!configured_) return refuse("The first message has to be of type config.");
    if (type == "flush") return flush();
    if (type != "text" || content == nullptr) return refuse("The message's type is not known.");
    gathered_ += string_member(*content, "text");
    return {.messages = gathered_.size() < most_gathered_ ? std::vector<message>{} : spoken()};
  }

 private:
  remark configure(const json::value& content) {
    configured_ = true;
    if (const auto speaker = string_member(content, "speaker"); !speaker.empty()) speaker_ = speaker;
    if (const auto codec = string_member(content, "output_audio_codec"); !codec.empty()) codec_ = codec;
    if (const auto size = limit_member(content, "min_buffer_size"); size > 0) most_gathered_ = *size;
    return {};
  }

  /// A message for what has gathered; none where that is nothing.
  std::vector<message> spoken() {
    const auto text = std::exchange(gathered_, {});
    if (text.empty()) return {};
    return {written("socket.audio", {{"codec", codec_}, {"audio", base::base64_encode(speaker_ + ": " + text)}})};
  }

  remark flush() {
    remark said{.messages = spoken()};
    if (tells_end_) said.messages.push_back(written("socket.final"));
    return said;
  }

  [[nodiscard]] remark refuse(std::string_view why) const {
    return {.messages = {written("socket.error", {{"message", why}})}, .closes = true};
  }

  [[nodiscard]] message written(std::string_view name, const json::object& values = {}) const {
    return {.bytes = render_.text(name, values)};
  }

  const call asked_;
  const renderer render_;
  bool tells_end_;
  bool configured_ = false;
  std::string speaker_ = "anushka";
  std::string codec_ = "mp3";
  std::size_t most_gathered_ = 50;
  std::string gathered_;
};

}  // namespace

std::unique_ptr<talker> speech_socket(const call& asked) { return std::make_unique<speech_talker>(asked); }

}  // namespace refrain::mock::sarvam
