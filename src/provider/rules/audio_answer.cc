#include "provider/rules/audio_answer.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/text.h"

namespace refrain::provider {
namespace {

class audio_reader final : public answer_reader {
 public:
  void feed(std::string_view bytes) override { fed_ += bytes.size(); }
  [[nodiscard]] std::uint64_t whole() const override { return fed_; }
  [[nodiscard]] std::span<const entry::mark> marks() const override { return {}; }
  [[nodiscard]] verdict finish(std::string_view /*whole*/) override {
    return {
        .why_not = fed_ == 0 ? uncacheable_reason::empty_answer : uncacheable_reason::none, .usage = {}, .marks = {}};
  }

 private:
  std::uint64_t fed_ = 0;
};

struct codec_type {
  std::string_view codec;
  std::string_view type;
};

constexpr std::array codec_types{
    codec_type{"mp3", "audio/mpeg"},   codec_type{"wav", "audio/wav"},      codec_type{"opus", "audio/opus"},
    codec_type{"aac", "audio/aac"},    codec_type{"flac", "audio/flac"},    codec_type{"pcm", "audio/pcm"},
    codec_type{"ulaw", "audio/basic"}, codec_type{"mulaw", "audio/basic"},  codec_type{"ogg", "audio/ogg"},
    codec_type{"webm", "audio/webm"},  codec_type{"linear16", "audio/wav"},
};

}  // namespace

std::unique_ptr<answer_reader> read_audio_answer() { return std::make_unique<audio_reader>(); }

std::optional<std::string> audio_in(const canonical_value& object, std::string_view member) {
  const auto value = object.find(member);
  const auto text = value ? value->string() : std::nullopt;
  return text ? base::base64_decode(*text) : std::nullopt;
}

bool is_audio_type(std::string_view content_type) noexcept {
  const auto type = base::trim(content_type.substr(0, content_type.find(';')));
  return type.empty() || base::starts_with_ignoring_case(type, "audio/") ||
         base::equal_ignoring_case(type, "application/octet-stream") ||
         base::equal_ignoring_case(type, "binary/octet-stream");
}

std::string_view audio_type_of(std::string_view codec) noexcept {
  const auto at = std::ranges::find(codec_types, codec, &codec_type::codec);
  return at == codec_types.end() ? "application/octet-stream" : at->type;
}

}  // namespace refrain::provider
