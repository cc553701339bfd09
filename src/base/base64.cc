#include "base/base64.h"

#include <openssl/evp.h>

namespace refrain::base {

std::string base64_encode(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.empty()) return std::string{};
  const auto content = text.substr(0, text.find('='));
  const auto padding = text.size() - content.size();
  // OpenSSL reads past blanks and does not say how much of the end is padding.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const bool sound = text.size() % 4 == 0 && padding <= 2 && text.substr(content.size()) == std::string(padding, '=') &&
                     content.find_first_not_of(alphabet) == std::string_view::npos;
  if (!sound) return std::nullopt;
  std::string bytes(3 * text.size() / 4, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace refrain::base
