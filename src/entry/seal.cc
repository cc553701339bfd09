#include "entry/seal.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <utility>

#include "base/digest.h"

namespace refrain::entry {
namespace {

// magic | key id, 16 hex digits | nonce | ciphertext | tag
constexpr std::string_view magic{"\0RFS1", 5};
constexpr std::size_t key_id_size = 16;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t head_size = magic.size() + key_id_size + nonce_size;

struct context_free {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

const EVP_CIPHER* algorithm() noexcept {
  static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return fetched;
}

EVP_CIPHER_CTX* context() noexcept {
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, context_free> kept{EVP_CIPHER_CTX_new()};
  return kept.get();
}

unsigned char* raw(char* at) { return reinterpret_cast<unsigned char*>(at); }
const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
int length(std::string_view bytes) { return static_cast<int>(bytes.size()); }

/// Sealing must not fail halfway into plain text: without randomness or memory there is nothing right to write.
void must(bool done) {
  if (!done) std::abort();
}

std::string associated(const seal_place& at) {
  base::digest_input input;
  input.add(static_cast<char>(at.part), at.owner).add('p', at.piece);
  return std::string(input.view());
}

base::result<std::string> open_with(const base::digest256& key, const seal_place& at, std::string_view bytes) {
  const auto nonce = bytes.substr(head_size - nonce_size, nonce_size);
  const auto text = bytes.substr(head_size, bytes.size() - head_size - tag_size);
  std::string tag{bytes.substr(bytes.size() - tag_size)};
  const std::string extra = associated(at);
  std::string plain(text.size(), '\0');
  int written = 0;
  const bool good = EVP_DecryptInit_ex2(context(), algorithm(), key.bytes.data(), raw(nonce), nullptr) == 1 &&
                    EVP_DecryptUpdate(context(), nullptr, &written, raw(extra), length(extra)) == 1 &&
                    EVP_DecryptUpdate(context(), raw(plain.data()), &written, raw(text), length(text)) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
                    EVP_DecryptFinal_ex(context(), raw(plain.data() + plain.size()), &written) == 1;
  if (!good) return base::fail(base::errc::store_corrupt, "a sealed value was changed or moved");
  return plain;
}

}  // namespace

struct sealer::keys {
  explicit keys(const base::secret& from)
      : key_id(base::digester(from).key_id()),
        meta(derive(from, "meta")),
        body(derive(from, "body")),
        record(derive(from, "record")),
        name(derive(from, "name")) {}

  static base::digest256 derive(const base::secret& from, std::string_view purpose) {
    return base::hmac_sha256(from.reveal(), "refrain seal 1 " + std::string(purpose));
  }

  [[nodiscard]] const base::digest256& of(sealed_part part) const noexcept {
    switch (part) {
      case sealed_part::meta: return meta;
      case sealed_part::body: return body;
      case sealed_part::record: return record;
    }
    std::unreachable();
  }

  std::string key_id;
  base::digest256 meta;
  base::digest256 body;
  base::digest256 record;
  base::digest256 name;
};

sealer::sealer() = default;

sealer::sealer(const base::secret& current, const base::secret& previous)
    : current_(current.empty() ? nullptr : std::make_shared<const keys>(current)),
      previous_(previous.empty() ? nullptr : std::make_shared<const keys>(previous)) {}

bool sealer::seals() const noexcept { return current_ != nullptr; }

std::string_view sealer::key_id() const noexcept { return seals() ? std::string_view{current_->key_id} : ""; }

std::string sealer::seal(const seal_place& at, std::string_view bytes) const {
  if (!seals()) return std::string(bytes);
  std::string out;
  out.reserve(head_size + bytes.size() + tag_size);
  out.append(magic).append(current_->key_id).resize(head_size + bytes.size() + tag_size);
  char* const nonce = out.data() + head_size - nonce_size;
  char* const text = out.data() + head_size;
  must(RAND_bytes(raw(nonce), nonce_size) == 1);

  const std::string extra = associated(at);
  int written = 0;
  must(EVP_EncryptInit_ex2(context(), algorithm(), current_->of(at.part).bytes.data(), raw(nonce), nullptr) == 1);
  must(EVP_EncryptUpdate(context(), nullptr, &written, raw(extra), length(extra)) == 1);
  must(EVP_EncryptUpdate(context(), raw(text), &written, raw(bytes), length(bytes)) == 1);
  must(EVP_EncryptFinal_ex(context(), raw(text + bytes.size()), &written) == 1);
  must(EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_GET_TAG, tag_size, text + bytes.size()) == 1);
  return out;
}

base::result<const sealer::keys*> sealer::keys_for(const seal_place& at, std::string_view bytes) const {
  const bool sealed = bytes.starts_with(magic);
  const bool keyless = current_ == nullptr && previous_ == nullptr;
  if (keyless && at.part == sealed_part::body) return nullptr;
  if (!sealed && !seals()) return nullptr;
  if (!sealed) return base::fail(base::errc::sealed_by_another_secret, "stored without a secret; one is set now");
  if (bytes.size() < head_size + tag_size) return base::fail(base::errc::store_corrupt, "a sealed value was cut short");

  const auto key_id = bytes.substr(magic.size(), key_id_size);
  for (const auto* const known : {current_.get(), previous_.get()}) {
    if (known != nullptr && known->key_id == key_id) return known;
  }
  return base::fail(base::errc::sealed_by_another_secret,
                    "sealed under another secret; set security.secret or security.secret_previous to it");
}

base::result<std::string> sealer::open(const seal_place& at, std::string_view bytes) const {
  const auto with = TRY(keys_for(at, bytes));
  if (with == nullptr) return std::string(bytes);
  return open_with(with->of(at.part), at, bytes);
}

base::result<std::string> sealer::open(const seal_place& at, std::string&& bytes) const {
  const auto with = TRY(keys_for(at, bytes));
  if (with == nullptr) return std::move(bytes);
  return open_with(with->of(at.part), at, bytes);
}

std::string sealer::veil(std::string_view name) const {
  return seals() ? base::hmac_sha256(current_->name.view(), name).hex() : std::string(name);
}

}  // namespace refrain::entry
