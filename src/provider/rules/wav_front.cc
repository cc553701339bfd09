#include "provider/rules/wav_front.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace refrain::provider {
namespace {

// "Multimedia Programming Interface and Data Specifications 1.0": a chunk is its name, its size and as many bytes, and
// one more where that is odd. The first has all others in it, behind its own type.
constexpr std::size_t chunk_head = 8;
constexpr std::size_t first_chunk = 12;

std::uint32_t size_at(std::string_view bytes, std::size_t at) {
  std::uint32_t size = 0;
  for (std::size_t i = 4; i > 0; --i) size = size << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
  return size;
}

void write_size(std::string& bytes, std::size_t at, std::uint64_t size) {
  for (std::size_t i = 0; i < 4; ++i, size >>= 8U) bytes[at + i] = static_cast<char>(size & 0xFFU);
}

/// The bytes of a chunk's head, wherever its pieces are cut.
std::array<char, chunk_head> head_at(std::span<const std::string_view> file, std::uint64_t at) {
  std::array<char, chunk_head> head{};
  std::size_t taken = 0;
  for (const auto piece : file) {
    if (at >= piece.size()) {
      at -= piece.size();
      continue;
    }
    const auto part = piece.substr(at, chunk_head - taken);
    std::ranges::copy(part, head.begin() + static_cast<std::ptrdiff_t>(taken));
    taken += part.size();
    at = 0;
    if (taken == chunk_head) break;
  }
  return head;
}

/// Whether nothing but chunks stands from here to the end.
bool are_chunks(std::span<const std::string_view> file, std::uint64_t at, std::uint64_t end) {
  while (at + chunk_head <= end) {
    const auto head = head_at(file, at);
    const std::string_view bytes{head.data(), head.size()};
    const bool is_named = std::ranges::all_of(bytes.substr(0, 4), [](char c) { return c >= ' ' && c <= '~'; });
    if (!is_named) return false;
    const auto size = size_at(bytes, 4);
    at += chunk_head + std::uint64_t{size} + size % 2;
  }
  // The last may lack the byte that makes it even.
  return at == end || at == end + 1;
}

}  // namespace

std::optional<std::string> true_wav_front(std::span<const std::string_view> file) {
  std::uint64_t length = 0;
  for (const auto piece : file) length += piece.size();
  if (file.empty() || length > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  const auto front = file.front();
  if (front.size() < first_chunk || !front.starts_with("RIFF") || front.substr(8, 4) != "WAVE") return std::nullopt;

  std::uint64_t at = first_chunk;
  while (at + chunk_head <= front.size() && front.substr(at, 4) != "data") {
    const auto size = size_at(front, at + 4);
    at += chunk_head + std::uint64_t{size} + size % 2;
  }
  if (at + chunk_head > front.size()) return std::nullopt;
  const auto begin = at + chunk_head;
  const std::uint64_t said = size_at(front, at + 4);
  const bool is_true = said != 0 && begin + said <= length && are_chunks(file, begin + said + said % 2, length);
  const auto size = is_true ? said : length - begin;
  if (size == said && size_at(front, 4) == length - chunk_head) return std::nullopt;
  std::string made{front.substr(0, begin)};
  write_size(made, 4, length - chunk_head);
  write_size(made, at + 4, size);
  return made;
}

}  // namespace refrain::provider
