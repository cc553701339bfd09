#include "mock/audio_wav.h"

#include <cstdint>

#include "mock/audio_samples.h"

namespace refrain::mock {
namespace {

constexpr std::size_t chunk_head = 8;

void put(std::string& out, std::uint32_t number, unsigned bytes) {
  for (unsigned at = 0; at < bytes; ++at) out += static_cast<char>((number >> (8 * at)) & 0xffU);
}

std::uint32_t number_at(std::string_view text, std::size_t from, unsigned bytes) {
  std::uint32_t number = 0;
  for (unsigned at = 0; at < bytes; ++at) {
    number |= std::uint32_t{static_cast<unsigned char>(text[from + at])} << (8 * at);
  }
  return number;
}

void put_chunk_head(std::string& out, std::string_view name, std::size_t size) {
  out += name;
  put(out, static_cast<std::uint32_t>(size), 4);
}

void put_chunk(std::string& out, std::string_view name, std::string_view content) {
  put_chunk_head(out, name, content.size());
  out += content;
  if (content.size() % 2 != 0) out += '\0';
}

/// The number that WAVE gives the encoding (RFC 2361).
std::uint32_t tag_of(sample_encoding encoding) {
  switch (encoding) {
    case sample_encoding::s16: return 1;
    case sample_encoding::f32: return 3;
    case sample_encoding::alaw: return 6;
    case sample_encoding::mulaw: break;
  }
  return 7;
}

std::string description_of(const audio_format& format) {
  const auto width = static_cast<std::uint32_t>(bytes_of(format.encoding));
  std::string fmt;
  put(fmt, tag_of(format.encoding), 2);
  put(fmt, 1, 2);  // channels
  put(fmt, format.sample_rate, 4);
  put(fmt, format.sample_rate * width, 4);
  put(fmt, width, 2);
  put(fmt, 8 * width, 2);
  if (format.encoding != sample_encoding::s16) put(fmt, 0, 2);  // no extension
  return fmt;
}

}  // namespace

std::string wav_head(const audio_format& format, std::size_t sample_bytes, std::string_view comment) {
  std::string body("WAVE");
  put_chunk(body, "fmt ", description_of(format));
  if (format.encoding != sample_encoding::s16) {
    std::string count;
    put(count, static_cast<std::uint32_t>(sample_bytes / bytes_of(format.encoding)), 4);
    put_chunk(body, "fact", count);
  }
  std::string list("INFO");
  put_chunk(list, "ICMT", std::string(comment) + '\0');
  put_chunk(body, "LIST", list);
  put_chunk_head(body, "data", sample_bytes);

  std::string file;
  put_chunk_head(file, "RIFF", body.size() + sample_bytes);
  return file + body;
}

std::optional<pcm> read_wav(std::string_view file) {
  if (file.size() < 12 || !file.starts_with("RIFF") || file.substr(8, 4) != "WAVE") return std::nullopt;
  pcm sound;
  std::size_t at = 12;
  while (at + chunk_head <= file.size()) {
    const auto name = file.substr(at, 4);
    const auto claimed = number_at(file, at + 4, 4);
    const auto content = file.substr(at + chunk_head, claimed);
    if (name == "fmt ") {
      const bool fits = content.size() >= 16 && number_at(content, 0, 2) == 1 && number_at(content, 2, 2) == 1 &&
                        number_at(content, 14, 2) == 16 && number_at(content, 4, 4) > 0;
      if (!fits) return std::nullopt;
      sound.sample_rate = number_at(content, 4, 4);
    } else if (name == "data") {
      if (sound.sample_rate == 0) return std::nullopt;
      for (std::size_t from = 0; from + 2 <= content.size(); from += 2) {
        sound.samples.push_back(static_cast<std::int16_t>(number_at(content, from, 2)));
      }
      return sound;
    }
    at += chunk_head + claimed + claimed % 2;
  }
  return std::nullopt;
}

}  // namespace refrain::mock
