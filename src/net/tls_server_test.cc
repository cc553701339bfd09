#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <optional>

#include "net/listener.h"
#include "net/tls.h"
#include "support/net/loop.h"
#include "support/net/tls_client.h"

namespace refrain::net {
namespace {

namespace fs = std::filesystem;
using base::errc;
using namespace std::chrono_literals;

class temporary_folder {
 public:
  temporary_folder() {
    auto pattern = (fs::temp_directory_path() / "refrain-tls-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~temporary_folder() { fs::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  [[nodiscard]] std::string file(std::string_view name) const { return path_ / name; }
  [[nodiscard]] std::string written(std::string_view name, std::string_view text) const {
    std::ofstream{file(name)} << text;
    return file(name);
  }

 private:
  fs::path path_;
};

class certificates_of_servers : public testing::Test {
 protected:
  certificates_of_servers() { authority_.issue("DNS:localhost", card(), key()); }

  [[nodiscard]] std::string card() const { return folder_.file("tls.crt"); }
  [[nodiscard]] std::string key() const { return folder_.file("tls.key"); }
  /// What is said of two files; empty for nothing.
  static std::string fault(const std::string& certificate_file, const std::string& key_file) {
    const auto made = tls_context::for_servers(certificate_file, key_file);
    if (made) return "";
    EXPECT_EQ(made.error().code, errc::bad_config);
    return made.error().context;
  }

  const temporary_folder folder_;
  const test_authority authority_;
};

TEST_F(certificates_of_servers, are_taken_with_their_keys) { EXPECT_EQ(fault(card(), key()), ""); }

TEST_F(certificates_of_servers, tell_when_they_expire) {
  const auto in_an_hour = base::system_clock().seconds() + 1h;
  const auto end = tls_context::for_servers(card(), key()).value()->expiry();
  ASSERT_TRUE(end);
  EXPECT_LE(*end, in_an_hour);
  EXPECT_GT(*end, in_an_hour - 1min);
  EXPECT_FALSE(tls_context::for_clients().value()->expiry());
}

TEST_F(certificates_of_servers, that_are_missing_are_named) {
  EXPECT_EQ(fault("/nowhere/tls.crt", key()), "cannot read /nowhere/tls.crt: No such file or directory");
  EXPECT_EQ(fault(card(), "/nowhere/tls.key"), "cannot read /nowhere/tls.key: No such file or directory");
}

TEST_F(certificates_of_servers, have_to_be_pem) {
  const auto nonsense = folder_.written("nonsense.pem", "not a certificate\n");
  EXPECT_EQ(fault(nonsense, key()),
            nonsense + " holds no certificate: it should begin with a line -----BEGIN CERTIFICATE-----");
  EXPECT_EQ(fault(card(), nonsense),
            nonsense + " holds no private key: it should begin with a line -----BEGIN PRIVATE KEY-----");
  EXPECT_TRUE(fault(key(), card()).contains("holds no certificate")) << "the wrong way round";
  EXPECT_TRUE(fault(folder_.file(""), key()).contains("holds no certificate")) << "a folder";
}

TEST_F(certificates_of_servers, need_their_own_key) {
  authority_.issue("DNS:localhost", folder_.file("other.crt"), folder_.file("other.key"));
  EXPECT_EQ(fault(card(), folder_.file("other.key")), "the key in " + folder_.file("other.key") +
                                                          " is not that of the certificate in " + card() +
                                                          ": give the two that were made together");
}

TEST_F(certificates_of_servers, need_a_key_of_their_own_kind) {
  const key_ptr rsa{EVP_RSA_gen(2048)};
  const std::unique_ptr<BIO, freed_by<BIO_free>> file{BIO_new_file(folder_.file("rsa.key").c_str(), "w")};
  PEM_write_bio_PrivateKey(file.get(), rsa.get(), nullptr, nullptr, 0, nullptr, nullptr);
  BIO_flush(file.get());
  EXPECT_TRUE(fault(card(), folder_.file("rsa.key")).contains("is not that of the certificate"));
}

TEST_F(certificates_of_servers, need_a_key_without_a_passphrase) {
  const key_ptr locked{EVP_EC_gen("P-256")};
  {
    const std::unique_ptr<BIO, freed_by<BIO_free>> file{BIO_new_file(folder_.file("locked.key").c_str(), "w")};
    constexpr std::string_view passphrase = "open sesame";
    PEM_write_bio_PKCS8PrivateKey(file.get(), locked.get(), EVP_aes_256_cbc(), passphrase.data(),
                                  static_cast<int>(passphrase.size()), nullptr, nullptr);
  }
  EXPECT_TRUE(fault(card(), folder_.file("locked.key")).contains("openssl pkey -in")) << "the remedy";
}

/// A listener whose connections get TLS, and what becomes of one.
class tls_servers : public certificates_of_servers {
 protected:
  tls_servers() : context_(tls_context::for_servers(card(), key()).value()) {
    const base::endpoint where{.host = "127.0.0.1", .port = 0};
    listener_ = listener::open(where, {&loop_.loop()}).value();
    listener_->start([this](std::unique_ptr<connection> taken) {
      one_ = std::move(taken);
      arrived_.set_value();
    });
  }
  ~tls_servers() override {
    loop_.perform([this] { one_.reset(); });
    listener_->close();
    loop_.stop();
  }

  static task<std::string> accept(connection& taken, std::shared_ptr<tls_context> shown,
                                  std::chrono::milliseconds limit) {
    const auto done = co_await accept_tls(taken, std::move(shown), limit);
    co_return done ? "" : done.error().context;
  }
  static task<std::string> read(connection& from) {
    char space[100];
    const auto count = co_await from.read_some(space);
    if (!count) co_return std::string(to_string(count.error().code));
    co_return *count == 0 ? "end" : std::string(space, *count);
  }
  static task<bool> write(connection& to, std::string text) {
    const std::string_view pieces[]{"", std::string_view{text}.substr(0, 2), std::string_view{text}.substr(2)};
    const auto done = co_await to.write(pieces);
    co_return done.has_value();
  }
  static task<bool> end_writing(connection& one) {
    co_await one.end_writing(1s);
    co_return true;
  }

  /// A client and its connection, hands shaken.
  std::unique_ptr<test_tls_client> meet(test_socket& wire) {
    arrived_.get_future().get();
    auto shaken = loop_.start(accept(*one_, context_, 10s));
    auto client = std::make_unique<test_tls_client>(wire, test_tls_client::options{.authority = authority_.path()});
    EXPECT_EQ(shaken.get(), "");
    return client;
  }

  std::shared_ptr<tls_context> context_;
  running_loop loop_;
  std::unique_ptr<listener> listener_;
  std::promise<void> arrived_;
  std::unique_ptr<connection> one_;
};

TEST_F(tls_servers, speak_both_ways) {
  auto wire = test_socket::to(listener_->bound().port);
  const auto client = meet(wire);
  ASSERT_TRUE(client->connected());
  client->send("hello");
  EXPECT_EQ(loop_.run(read(*one_)), "hello");
  EXPECT_TRUE(loop_.run(write(*one_, "head and body")));
  EXPECT_EQ(client->receive_some(), "head and body") << "small pieces share a record";
  const std::string large(1 << 20, 'x');
  auto written = loop_.start(write(*one_, large + "\n"));
  EXPECT_EQ(client->receive_until("\n").size(), large.size() + 1);
  EXPECT_TRUE(written.get());
}

TEST_F(tls_servers, say_farewell_and_read_on) {
  auto wire = test_socket::to(listener_->bound().port);
  const auto client = meet(wire);
  EXPECT_TRUE(loop_.run(end_writing(*one_)));
  EXPECT_EQ(client->receive_some(), "");
  EXPECT_TRUE(client->heard_farewell());
  client->send("still");
  EXPECT_EQ(loop_.run(read(*one_)), "still");
  client->say_farewell();
  EXPECT_EQ(loop_.run(read(*one_)), "end");
}

TEST_F(tls_servers, read_an_end_without_farewell_as_a_fault) {
  auto wire = test_socket::to(listener_->bound().port);
  const auto client = meet(wire);
  wire.close();
  EXPECT_EQ(loop_.run(read(*one_)), "closed");
}

TEST_F(tls_servers, cut_a_handshake_that_takes_too_long) {
  auto wire = test_socket::to(listener_->bound().port);
  arrived_.get_future().get();
  EXPECT_NE(loop_.run(accept(*one_, context_, 50ms)), "");
  EXPECT_EQ(wire.receive_all(), "");
}

TEST_F(tls_servers, leave_a_connection_that_spoke_plainly_to_be_finished) {
  auto wire = test_socket::to(listener_->bound().port);
  arrived_.get_future().get();
  wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(loop_.run(accept(*one_, context_, 10s)), "http request (SSL routines)");
  wire.send("more that nobody reads");
  wire.finish_sending();
  const auto finish = [](connection& one) -> task<bool> {
    co_await one.finish(10s);
    co_return !one.is_open();
  };
  EXPECT_TRUE(loop_.run(finish(*one_)));
  wire.receive_all();
  EXPECT_FALSE(wire.was_reset());
}

TEST_F(tls_servers, see_a_client_that_leaves_politely) {
  auto wire = test_socket::to(listener_->bound().port);
  const auto client = meet(wire);
  std::promise<void> gone;
  loop_.perform([&] { one_->watch_hangup([&] { gone.set_value(); }); });
  client->say_farewell();
  wire.close();
  EXPECT_EQ(gone.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(tls_servers, do_not_take_a_next_request_for_a_farewell) {
  auto wire = test_socket::to(listener_->bound().port);
  const auto client = meet(wire);
  EXPECT_TRUE(loop_.run(write(*one_, "an answer")));
  EXPECT_EQ(client->receive_some(), "an answer");
  int calls = 0;
  loop_.perform([&] { one_->watch_hangup([&] { ++calls; }); });
  client->send("next request");
  EXPECT_TRUE(wire.is_silent_for(4 * deadlines::grain));
  loop_.perform([&] { one_->unwatch_hangup(); });
  EXPECT_EQ(loop_.run(read(*one_)), "next request");
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace refrain::net
