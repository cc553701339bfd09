#include "base/secret.h"

#include <openssl/crypto.h>

namespace refrain::base {

secret& secret::operator=(const secret& other) {
  if (this != &other) {
    wipe();
    text_ = other.text_;
  }
  return *this;
}

secret& secret::operator=(secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
  }
  return *this;
}

std::string secret::masked() const {
  if (text_.empty()) return "";
  constexpr std::size_t long_enough_to_show_an_end = 12;
  if (text_.size() < long_enough_to_show_an_end) return "****";
  return "****" + text_.substr(text_.size() - 2);
}

void secret::wipe() noexcept {
  // A short text that moved away is still where it stood, beyond the size of what is left.
  text_.resize(text_.capacity());
  OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace refrain::base
