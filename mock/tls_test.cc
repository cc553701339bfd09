#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "mock/server.h"
#include "support/mock/client.h"

namespace refrain::mock {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* one) const {
    Free(one);
  }
};

using file = std::unique_ptr<std::FILE, freeing<std::fclose>>;

/// A certificate for localhost that signs itself, good for an hour, with its key, in files that go with the object.
class certificate {
 public:
  certificate() {
    const std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
    const std::unique_ptr<X509, freeing<X509_free>> card(X509_new());
    X509_set_version(card.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(card.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(card.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(card.get()), 3600);
    X509_set_pubkey(card.get(), key.get());
    auto* name = X509_get_subject_name(card.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(card.get(), name);
    X509_sign(card.get(), key.get(), EVP_sha256());
    PEM_write_X509(file(std::fopen(card_path().c_str(), "w")).get(), card.get());
    PEM_write_PrivateKey(file(std::fopen(key_path().c_str(), "w")).get(), key.get(), nullptr, nullptr, 0, nullptr,
                         nullptr);
  }
  ~certificate() { std::filesystem::remove_all(folder_); }
  certificate(const certificate&) = delete;
  certificate& operator=(const certificate&) = delete;

  [[nodiscard]] std::string card_path() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string key_path() const { return folder_ / "key.pem"; }

 private:
  static std::filesystem::path new_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "refrain-mock-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  const std::filesystem::path folder_ = new_folder();
};

struct tls_client {
  explicit tls_client(std::uint16_t port) {
    stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
    stream.handshake(asio::ssl::stream_base::client);
  }

  http::response<http::string_body> ask(std::string_view text, boost::beast::error_code& fault) {
    asio::write(stream, asio::buffer(text));
    http::response_parser<http::string_body> parser;
    boost::beast::flat_buffer buffer;
    http::read(stream, buffer, parser, fault);
    return parser.get();
  }

  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_client};
  asio::ssl::stream<asio::ip::tcp::socket> stream{io, context};
};

class mock_over_tls : public testing::Test {
 protected:
  void SetUp() override {
    const auto port = running_.start();
    ASSERT_TRUE(port) << port.error().to_string();
    port_ = *port;
  }

  certificate files_;
  server running_{{.tls_certificate = files_.card_path(), .tls_key = files_.key_path()}};
  std::uint16_t port_ = 0;
};

TEST_F(mock_over_tls, serves) {
  tls_client one(port_);
  boost::beast::error_code fault;
  const auto got = one.ask(test::request("GET", "/bytes/70000"), fault);
  EXPECT_FALSE(fault) << fault.message();
  EXPECT_EQ(got.body().size(), 70000U);
}

TEST_F(mock_over_tls, says_farewell_where_the_body_ends_with_the_connection) {
  tls_client one(port_);
  boost::beast::error_code fault;
  const auto got = one.ask(test::request("GET", "/bytes/7", {}, {{"x-mock-until-close", "1"}}), fault);
  EXPECT_FALSE(fault) << fault.message();
  EXPECT_EQ(got.body().size(), 7U);
}

TEST_F(mock_over_tls, truncates_without_farewell) {
  tls_client one(port_);
  boost::beast::error_code fault;
  (void)one.ask(test::request("GET", "/bytes/9", {}, {{"x-mock-until-close", "1"}, {"x-mock-truncate", "4"}}), fault);
  EXPECT_EQ(fault, asio::ssl::error::stream_truncated);
}

TEST_F(mock_over_tls, resets_within_the_body) {
  tls_client one(port_);
  boost::beast::error_code fault;
  (void)one.ask(test::request("GET", "/bytes/90000", {}, {{"x-mock-reset", "mid-body"}}), fault);
  EXPECT_EQ(fault, asio::error::connection_reset);
}

}  // namespace
}  // namespace refrain::mock
