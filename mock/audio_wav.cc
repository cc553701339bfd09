#include "mock/audio.h"

#include <cstdint>

namespace refrain::mock {
namespace {

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

}  // namespace refrain::mock
