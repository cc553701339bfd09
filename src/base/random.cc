#include "base/random.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <cstdlib>

namespace refrain::base {
namespace {

/// Drawn for several calls at once: a draw costs more than what most of them need.
class pool {
 public:
  unsigned char next() {
    if (at_ == bytes_.size()) draw();
    return bytes_[at_++];
  }

 private:
  void draw() {
    if (RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) != 1) std::abort();
    at_ = 0;
  }

  std::array<unsigned char, 256> bytes_{};
  std::size_t at_ = bytes_.size();
};

}  // namespace

std::string random_hex(std::size_t bytes) {
  thread_local pool drawn;
  std::string text;
  text.reserve(2 * bytes);
  for (std::size_t i = 0; i < bytes; ++i) fmt::format_to(std::back_inserter(text), "{:02x}", drawn.next());
  return text;
}

}  // namespace refrain::base
