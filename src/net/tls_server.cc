// The server's side of tls.h.
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "net/tls.h"

namespace refrain::net {
namespace {

namespace ssl = boost::asio::ssl;
using base::errc;
using base::fail;

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* one) const {
    Free(one);
  }
};
using file_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;

/// For TLS 1.2: forward secrecy (ECDHE) and authenticated encryption alone. TLS 1.3 has nothing else.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

int choose_http_1_1(SSL* /*handle*/, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void* /*unused*/) {
  static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  const int found =
      SSL_select_next_proto(const_cast<unsigned char**>(chosen), size, ours, sizeof ours, offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Called in place of asking for the passphrase at the terminal, as OpenSSL would.
int note_passphrase(char* /*into*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, ciphers);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_PRIORITIZE_CHACHA);
  // Clients resume by tickets, which need no memory that threads share.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, choose_http_1_1, nullptr);
}

base::result<file_ptr> open(const std::string& path) {
  errno = 0;
  file_ptr file{BIO_new_file(path.c_str(), "r")};
  if (file) return file;
  const auto why = std::string(std::strerror(errno));
  ERR_clear_error();
  return fail(errc::bad_config, fmt::format("cannot read {}: {}", path, why));
}

base::result<void> use_certificate(SSL_CTX* context, const std::string& path) {
  if (const auto readable = open(path); !readable) return fail(readable.error());
  if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) == 1) return {};
  ERR_clear_error();
  return fail(errc::bad_config, fmt::format("{} holds no certificate: it should begin with a line "
                                            "-----BEGIN CERTIFICATE-----",
                                            path));
}

base::result<key_ptr> read_key(const std::string& path) {
  const auto file = open(path);
  if (!file) return fail(file.error());
  bool has_passphrase = false;
  key_ptr key{PEM_read_bio_PrivateKey(file->get(), nullptr, note_passphrase, &has_passphrase)};
  ERR_clear_error();
  if (key) return key;
  if (has_passphrase) {
    return fail(errc::bad_config,
                fmt::format("the key in {0} has a passphrase, which nobody is there to type: write it "
                            "without one, as by `openssl pkey -in {0} -out plain.pem`",
                            path));
  }
  return fail(errc::bad_config,
              fmt::format("{} holds no private key: it should begin with a line -----BEGIN PRIVATE KEY-----", path));
}

}  // namespace

base::result<std::shared_ptr<tls_context>> tls_context::for_servers(const std::string& certificate_file,
                                                                    const std::string& key_file) {
  auto made = std::make_shared<tls_context>(std::make_unique<ssl::context>(ssl::context::tls_server));
  SSL_CTX* const context = made->native().native_handle();
  harden(context);
  if (auto used = use_certificate(context, certificate_file); !used) return fail(std::move(used).error());
  const auto key = read_key(key_file);
  if (!key) return fail(key.error());
  // The first call accepts a key of another type than the certificate's.
  const bool fits = SSL_CTX_use_PrivateKey(context, key->get()) == 1 && SSL_CTX_check_private_key(context) == 1;
  ERR_clear_error();
  if (fits) return made;
  return fail(errc::bad_config,
              fmt::format("the key in {} is not that of the certificate in {}: give the two that were "
                          "made together",
                          key_file, certificate_file));
}

std::optional<base::sys_seconds> tls_context::expiry() const {
  const X509* const shown = SSL_CTX_get0_certificate(context_->native_handle());
  std::tm parts{};
  if (shown == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(shown), &parts) != 1) return std::nullopt;
  return base::sys_seconds{std::chrono::seconds{::timegm(&parts)}};
}

}  // namespace refrain::net
