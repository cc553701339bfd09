#include <boost/json.hpp>
#include <utility>

#include "base/base64.h"
#include "mock/elevenlabs.h"
#include "mock/json.h"
#include "mock/renderer.h"

namespace refrain::mock::elevenlabs {
namespace {

namespace json = boost::json;

constexpr int character_ms = 60;

class stream_input_talker final : public talker {
 public:
  explicit stream_input_talker(const call& asked) : asked_(asked), render_(api, asked_) {
    const auto path = asked_.path();
    const auto before = path.substr(0, path.rfind('/'));
    voice_ = before.substr(before.rfind('/') + 1);
  }

  remark hear(const message& said) override {
    const auto frame = parse_json(said.bytes);
    const auto* const text = frame ? member(*frame, "text") : nullptr;
    if (text == nullptr || !text->is_string()) return {.messages = {written("socket.error")}, .closes = true};
    if (std::exchange(opened_, true) && text->get_string().empty()) {
      remark last{.messages = spoken(), .closes = true};
      last.messages.push_back(written("socket.end"));
      return last;
    }
    if (text->get_string() != " ") gathered_ += text->get_string();
    const bool speaks = is_true(*frame, "try_trigger_generation") || is_true(*frame, "flush");
    return {.messages = speaks ? spoken() : std::vector<message>{}};
  }

 private:
  /// A frame for what has gathered; none where that is nothing.
  std::vector<message> spoken() {
    const auto text = std::exchange(gathered_, {});
    if (text.empty()) return {};
    return {written("socket.audio",
                    {{"audio", base::base64_encode(voice_ + ": " + text)}, {"alignment", alignment_of(text)}})};
  }

  /// When each byte of the text is heard; the mock's texts are ASCII.
  [[nodiscard]] json::value alignment_of(std::string_view text) const {
    json::array characters, starts, durations;
    for (const auto one : text) {
      starts.push_back(static_cast<int>(characters.size()) * character_ms);
      durations.push_back(character_ms);
      characters.push_back(json::string(1, one));
    }
    return render_.fill("socket.alignment", {{"characters", characters}, {"starts", starts}, {"durations", durations}});
  }

  [[nodiscard]] message written(std::string_view name, const json::object& values = {}) const {
    return {.bytes = render_.text(name, values)};
  }

  const call asked_;
  const renderer render_;
  std::string voice_;
  std::string gathered_;
  bool opened_ = false;
};

}  // namespace

std::unique_ptr<talker> stream_input(const call& asked) { return std::make_unique<stream_input_talker>(asked); }

}  // namespace refrain::mock::elevenlabs
