#include "mock/audio.h"

#include <algorithm>

#include "mock/audio_mp3.h"

namespace refrain::mock {

std::optional<audio_format> format_named(std::span<const named_format> known, std::string_view name) {
  const auto found = std::ranges::find(known, name, &named_format::name);
  return found == known.end() ? std::nullopt : std::optional(found->format);
}

bool is_made(const audio_format& format) {
  if (format.sample_rate < 8'000 || format.sample_rate > 48'000) return false;
  return format.container != audio_container::mp3 || mp3_has(format.sample_rate, format.bit_rate);
}

std::string_view content_type_of(const audio_format& format) {
  if (format.container == audio_container::mp3) return "audio/mpeg";
  if (format.container == audio_container::wav) return "audio/wav";
  switch (format.encoding) {
    case sample_encoding::mulaw: return "audio/basic";
    case sample_encoding::alaw: return "audio/x-alaw-basic";
    case sample_encoding::s16:
    case sample_encoding::f32: break;
  }
  return "audio/pcm";
}

}  // namespace refrain::mock
