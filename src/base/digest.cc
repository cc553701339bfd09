#include "base/digest.h"

// For SHA256_Init and its kin: what OpenSSL recommends instead makes a context anew for each digest, which costs as
// much as to hash a short text.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

namespace refrain::base {
namespace {

// Both ways without branches and tables, so that the compiler does many characters at once: each hit from a store reads
// several digests.
constexpr char digit_of(unsigned worth) noexcept {
  return static_cast<char>(worth + '0' + (worth > 9 ? 'a' - '9' - 1 : 0));
}

/// Beyond 15, or of another digit, where it is no digit in lower case.
constexpr std::uint8_t worth_of(char digit) noexcept {
  const auto code = static_cast<std::uint8_t>(digit);
  return static_cast<std::uint8_t>((code & 0xf) + 9 * (code >> 6 & 1));
}

}  // namespace

std::string digest256::hex() const {
  std::array<char, 2 * sizeof bytes> text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = digit_of(bytes[i] >> 4u);
    text[2 * i + 1] = digit_of(bytes[i] & 0xfu);
  }
  return {text.data(), text.size()};
}

std::optional<digest256> digest256::from_hex(std::string_view text) noexcept {
  digest256 value;
  std::array<std::uint8_t, 2 * sizeof value.bytes> worth;
  if (text.size() != worth.size()) return std::nullopt;
  std::uint8_t odd = 0;
  for (std::size_t i = 0; i < worth.size(); ++i) {
    worth[i] = worth_of(text[i]);
    odd |= static_cast<std::uint8_t>((worth[i] & 0xf0) | (digit_of(worth[i]) ^ text[i]));
  }
  if (odd != 0) return std::nullopt;
  for (std::size_t i = 0; i < value.bytes.size(); ++i) {
    value.bytes[i] = static_cast<std::uint8_t>(worth[2 * i] << 4 | worth[2 * i + 1]);
  }
  return value;
}

digest256 sha256(std::string_view bytes) noexcept {
  digest256 value;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, bytes.data(), bytes.size());
  SHA256_Final(value.bytes.data(), &state);
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
  char raw[1 + sizeof number]{tag};
  for (std::size_t i = 0; i < sizeof number; ++i) raw[1 + i] = static_cast<char>(number >> (8 * i));
  bytes_.append(raw, sizeof raw);
  return *this;
}

}  // namespace refrain::base
