#include "mock/sarvam_speech_socket.h"

#include <boost/json.hpp>
#include <utility>

#include "base/base64.h"
#include "mock/json.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

class speech_socket final : public talker {
 public:
  speech_socket(std::string request_id, bool tells_end) : request_id_(std::move(request_id)), tells_end_(tells_end) {}

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
    const auto* const size = member(content, "min_buffer_size");
    if (size != nullptr && size->is_int64() && size->get_int64() > 0) {
      most_gathered_ = static_cast<std::size_t>(size->get_int64());
    }
    return {};
  }

  /// A message for what has gathered; none where that is nothing.
  std::vector<message> spoken() {
    const auto text = std::exchange(gathered_, {});
    if (text.empty()) return {};
    return {written("audio", {{"content_type", "audio/" + codec_},
                              {"audio", base::base64_encode(speaker_ + ": " + text)},
                              {"request_id", request_id_}})};
  }

  remark flush() {
    remark said{.messages = spoken()};
    if (tells_end_) said.messages.push_back(written("event", {{"event_type", "final"}, {"message", "All is spoken."}}));
    return said;
  }

  remark refuse(std::string_view why) const {
    return {.messages = {written("error", {{"message", why}, {"code", 400}, {"request_id", request_id_}})},
            .closes = true};
  }

  static message written(std::string_view type, json::object content) {
    return {.bytes = json::serialize(json::object{{"type", type}, {"data", std::move(content)}})};
  }

  const std::string request_id_;
  const bool tells_end_;
  bool configured_ = false;
  std::string speaker_ = "anushka";
  std::string codec_ = "mp3";
  std::size_t most_gathered_ = 50;
  std::string gathered_;
};

}  // namespace

std::unique_ptr<talker> sarvam_speech_socket(const call& asked) {
  constexpr std::string_view wish = "send_completion_event=";
  const auto query = asked.query();
  const auto at = query.find(wish);
  // Python's SDK also writes it as "True".
  const bool tells_end = at != std::string_view::npos && query.substr(at + wish.size(), 4).ends_with("rue");
  return std::make_unique<speech_socket>(asked.unique(), tells_end);
}

}  // namespace refrain::mock
