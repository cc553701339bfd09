#include "mock/audio.h"

#include <cstdint>

namespace refrain::mock {
namespace {

constexpr std::size_t chunk_head = 8;

std::uint32_t number_at(std::string_view text, std::size_t from, unsigned bytes) {
  std::uint32_t number = 0;
  for (unsigned at = 0; at < bytes; ++at) {
    number |= std::uint32_t{static_cast<unsigned char>(text[from + at])} << (8 * at);
  }
  return number;
}

void put_chunk_head(std::string& out, std::string_view name, std::size_t size) {
  out += name;
  put_little_endian(out, static_cast<std::uint32_t>(size), 4);
}

void put_chunk(std::string& out, std::string_view name, std::string_view content) {
  put_chunk_head(out, name, content.size());
  out += content;
  if (content.size() % 2 != 0) out += '\0';
}

std::string description_of(const audio_format& format) {
  const auto& [width, tag, type] = facts_of(format.encoding);
  std::string fmt;
  for (const auto word : {tag, 1U}) put_little_endian(fmt, word, 2);  // one channel
  for (const auto rate : {format.sample_rate, format.sample_rate * width}) put_little_endian(fmt, rate, 4);
  for (const auto size : {width, 8 * width}) put_little_endian(fmt, size, 2);
  if (format.encoding != sample_encoding::s16) put_little_endian(fmt, 0, 2);  // no extension
  return fmt;
}

}  // namespace

std::string wav_head(const audio_format& format, std::size_t sample_bytes, std::string_view comment) {
  std::string body("WAVE");
  put_chunk(body, "fmt ", description_of(format));
  if (format.encoding != sample_encoding::s16) {
    std::string count;
    put_little_endian(count, static_cast<std::uint32_t>(sample_bytes / facts_of(format.encoding).width), 4);
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
