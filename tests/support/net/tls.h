#pragma once

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "support/net/socket.h"

/// A certificate authority and a blocking TLS server for tests, made on OpenSSL alone: it shares no code with what it
/// tests.
namespace refrain::net {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* one) const {
    Free(one);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

/// An authority that nobody trusts but who reads its file, which goes with the object.
class test_authority {
 public:
  explicit test_authority(std::string_view name = "Test authority") : key_(EVP_EC_gen("P-256")) {
    card_ = make(name, key_.get(), nullptr, "", std::chrono::hours{1});
    const std::unique_ptr<std::FILE, freed_by<std::fclose>> file{std::fopen(path().c_str(), "w")};
    PEM_write_X509(file.get(), card_.get());
  }
  ~test_authority() { std::filesystem::remove_all(folder_); }
  test_authority(const test_authority&) = delete;
  test_authority& operator=(const test_authority&) = delete;

  /// Its certificate as PEM.
  [[nodiscard]] std::string path() const { return folder_ / "authority.pem"; }

  /// Makes a key and its certificate for `names`, good for so long from now, and writes both as PEM.
  void issue(const std::string& names, const std::string& certificate_file, const std::string& key_file,
             std::chrono::seconds lasts = std::chrono::hours{1}) const {
    const key_ptr key{EVP_EC_gen("P-256")};
    const std::unique_ptr<std::FILE, freed_by<std::fclose>> card{std::fopen(certificate_file.c_str(), "w")};
    PEM_write_X509(card.get(), certify(key.get(), names, lasts).get());
    const std::unique_ptr<std::FILE, freed_by<std::fclose>> secret{std::fopen(key_file.c_str(), "w")};
    PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }

  /// Certifies a key for `names` (`DNS:localhost,IP:127.0.0.1`), for so long from now.
  [[nodiscard]] certificate_ptr certify(EVP_PKEY* key, const std::string& names, std::chrono::seconds lasts) const {
    return make("Test server", key, this, names, lasts);
  }

 private:
  static certificate_ptr make(std::string_view subject, EVP_PKEY* key, const test_authority* by,
                              const std::string& names, std::chrono::seconds lasts) {
    certificate_ptr made{X509_new()};
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), by == nullptr ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), lasts.count());
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(subject.data()), static_cast<int>(subject.size()),
                               -1, 0);
    X509_set_issuer_name(made.get(), X509_get_subject_name(by == nullptr ? made.get() : by->card_.get()));
    extend(made.get(), NID_basic_constraints, by == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
    if (!names.empty()) extend(made.get(), NID_subject_alt_name, names);
    X509_sign(made.get(), by == nullptr ? key : by->key_.get(), EVP_sha256());
    return made;
  }
  static void extend(X509* card, int what, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>> one{
        X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str())};
    X509_add_ext(card, one.get(), -1);
  }
  static std::filesystem::path new_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "refrain-net-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  const std::filesystem::path folder_ = new_folder();
  key_ptr key_;
  certificate_ptr card_;
};

/// The server's side of a TLS connection over a test_socket.
class test_tls {
 public:
  test_tls(test_socket& over, const test_authority& by, const std::string& names,
           std::chrono::seconds lasts = std::chrono::hours{1})
      : context_(SSL_CTX_new(TLS_server_method())) {
    const key_ptr key{EVP_EC_gen("P-256")};
    SSL_CTX_use_certificate(context_.get(), by.certify(key.get(), names, lasts).get());
    SSL_CTX_use_PrivateKey(context_.get(), key.get());
    stream_.reset(SSL_new(context_.get()));
    SSL_set_fd(stream_.get(), over.descriptor());
    accepted_ = SSL_accept(stream_.get()) == 1;
  }

  [[nodiscard]] bool accepted() const noexcept { return accepted_; }
  [[nodiscard]] std::string server_name() const {
    const auto* const name = SSL_get_servername(stream_.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
  }
  void send(std::string_view bytes) { (void)SSL_write(stream_.get(), bytes.data(), static_cast<int>(bytes.size())); }
  std::string receive_until(std::string_view mark) {
    std::string all;
    while (!all.contains(mark)) {
      char bytes[4096];
      const int count = SSL_read(stream_.get(), bytes, sizeof bytes);
      if (count <= 0) break;
      all.append(bytes, static_cast<std::size_t>(count));
    }
    return all;
  }
  /// The closing alert.
  void say_farewell() { (void)SSL_shutdown(stream_.get()); }

 private:
  std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, freed_by<SSL_free>> stream_;
  bool accepted_ = false;
};

}  // namespace refrain::net
