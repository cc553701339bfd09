#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace refrain::base {
namespace {

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
