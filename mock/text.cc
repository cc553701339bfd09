#include "mock/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"
#include "mock/dice.h"

namespace refrain::mock {
namespace {

constexpr std::string_view mark = "proof:";
constexpr std::size_t longest_token = 12;

constexpr std::array<std::string_view, 12> sentences = {
    "A river keeps its course by changing it a little every year.",
    "The first train of the morning carries bread, letters and one sleepy inspector.",
    "Stone remembers heat long after the sun has left the wall.",
    "Three copper kettles make a poor orchestra, but a cheerful one.",
    "Most maps are drawn from the ground up and read from the sky down.",
    "A good ladder is judged by its lowest rung.",
    "The lighthouse, 41 metres tall, answers every storm with the same two flashes.",
    "Nobody in the village could say who wound the tower clock.",
    "Salt, patience and a wide pan: the recipe asks for nothing else.",
    "Autumn arrives in the orchard one wasp at a time.",
    "The archive smelled of glue, dust and old arguments.",
    "An honest scale weighs feathers and iron with the same patience.",
};

/// FNV-1a: enough to turn a proof into a seed.
std::uint64_t seed_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

/// Where the token that starts at `from` ends.
std::size_t token_end(std::string_view text, std::size_t from) {
  auto end = from + (text[from] == ' ' && from + 1 < text.size() ? 1 : 0);
  if (text.substr(end).starts_with(mark)) {
    end += mark.size();
    while (end < text.size() && is_word(text[end])) ++end;
    return end;
  }
  if (!is_word(text[end])) return end + 1;
  while (end < text.size() && is_word(text[end]) && end - from < longest_token) ++end;
  while (end < text.size() && !base::begins_code_point(text[end])) ++end;
  return end;
}

}  // namespace

std::string answer_text(std::string_view proof, std::string_view asked, std::size_t bytes, std::size_t choice) {
  auto text = fmt::format("{}{}", mark, proof);
  const auto whole = text.size();
  if (choice > 0) text += fmt::format(" (choice {})", choice);
  if (!asked.empty()) text += fmt::format(" You asked: \"{}\".", base::head_of(asked, 80));
  dice pick(seed_of(proof), choice);
  while (text.size() < bytes) {
    text += ' ';
    text += sentences[pick.next() % sentences.size()];
  }
  return std::string(base::head_of(text, std::max(bytes, whole)));
}

std::string reasoning_text(std::string_view proof, std::string_view asked) {
  dice pick(seed_of(proof), ~std::uint64_t{0});
  return fmt::format("The user wants to know about \"{}\". {} That settles it.", base::head_of(asked, 40),
                     sentences[pick.next() % sentences.size()]);
}

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = token_end(text, from);
    tokens.emplace_back(text.substr(from, end - from));
    from = end;
  }
  return tokens;
}

std::string joined(const std::vector<std::string>& tokens) { return fmt::format("{}", fmt::join(tokens, "")); }

std::vector<std::vector<std::string>> groups_of(const std::vector<std::string>& tokens, std::size_t size) {
  std::vector<std::vector<std::string>> groups;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (at % size == 0) groups.emplace_back();
    groups.back().push_back(tokens[at]);
  }
  return groups;
}

std::vector<std::string> pieces_of(const std::vector<std::string>& tokens, std::size_t size) {
  std::vector<std::string> pieces;
  for (const auto& group : groups_of(tokens, size)) pieces.push_back(joined(group));
  return pieces;
}

std::size_t token_estimate(std::string_view text) { return (text.size() + 3) / 4; }

}  // namespace refrain::mock
