#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace refrain::base {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// Fetching the algorithm and making a context cost more than hashing a short text, so both are kept: the algorithm
/// for the process, the context for the thread.
const EVP_MD* algorithm() noexcept {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched;
}

struct context_free {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

EVP_MD_CTX* context() noexcept {
  thread_local const std::unique_ptr<EVP_MD_CTX, context_free> kept{EVP_MD_CTX_new()};
  return kept.get();
}

constexpr std::uint8_t no_digit = 0xff;

/// What each character is worth as a digit in lower case.
constexpr std::array<std::uint8_t, 256> worth = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::size_t i = 0; i < hex_digits.size(); ++i) {
    table[static_cast<unsigned char>(hex_digits[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

}  // namespace

std::string digest256::hex() const {
  std::string text(bytes.size() * 2, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = hex_digits[bytes[i] >> 4];
    text[2 * i + 1] = hex_digits[bytes[i] & 15];
  }
  return text;
}

std::optional<digest256> digest256::from_hex(std::string_view text) noexcept {
  digest256 value;
  if (text.size() != value.bytes.size() * 2) return std::nullopt;
  // Each hit from below reads several: one look at the end tells of a wrong character.
  unsigned seen = 0;
  for (std::size_t i = 0; i < value.bytes.size(); ++i) {
    const unsigned high = worth[static_cast<unsigned char>(text[2 * i])];
    const unsigned low = worth[static_cast<unsigned char>(text[2 * i + 1])];
    seen |= high | low;
    value.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (seen > 0xf) return std::nullopt;
  return value;
}

digest256 sha256(std::string_view bytes) noexcept {
  digest256 value;
  EVP_DigestInit_ex(context(), algorithm(), nullptr);
  EVP_DigestUpdate(context(), bytes.data(), bytes.size());
  EVP_DigestFinal_ex(context(), value.bytes.data(), nullptr);
  return value;
}

digest256 hmac_sha256(std::string_view key, std::string_view bytes) noexcept {
  digest256 value;
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
       bytes.size(), value.bytes.data(), &length);
  return value;
}

digester::digester(const secret& key) : key_(key) {
  if (keyed()) key_id_ = hmac_sha256(key_.reveal(), "refrain key id").hex().substr(0, 16);
}

digest256 digester::operator()(std::string_view bytes) const noexcept {
  return keyed() ? hmac_sha256(key_.reveal(), bytes) : sha256(bytes);
}

digest_input& digest_input::add(char tag, std::string_view part) {
  add(tag, std::uint64_t{part.size()});
  bytes_.append(part);
  return *this;
}

digest_input& digest_input::add(char tag, std::uint64_t number) {
  bytes_.push_back(tag);
  char raw[sizeof number];
  for (std::size_t i = 0; i < sizeof number; ++i) raw[i] = static_cast<char>(number >> (8 * i));
  bytes_.append(raw, sizeof raw);
  return *this;
}

}  // namespace refrain::base
