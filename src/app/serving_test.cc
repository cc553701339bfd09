// A whole gateway, started and stopped as `refrain serve` does it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <string_view>
#include <thread>

#include "app/app.h"
#include "app/run_file.h"
#include "base/log.h"
#include "entry/export_line.h"
#include "support/admin/fixtures.h"
#include "support/net/socket.h"
#include "support/net/tls_client.h"

namespace refrain::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Stands in for standard error: a pipe that takes nothing more, so that whoever writes a line waits.
class stuck_error_stream {
 public:
  stuck_error_stream() {
    std::fflush(stderr);
    if (::pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
    ::fcntl(ends_[1], F_SETFL, O_NONBLOCK);
    const std::string filling(4096, 'x');
    while (::write(ends_[1], filling.data(), filling.size()) > 0) {
    }
    ::fcntl(ends_[1], F_SETFL, 0);
    ::dup2(ends_[1], STDERR_FILENO);
  }
  ~stuck_error_stream() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    ::close(ends_[1]);
    // Frees who waits: what nobody reads is refused.
    ::signal(SIGPIPE, SIG_IGN);
    ::close(ends_[0]);
  }

 private:
  int before_ = ::dup(STDERR_FILENO);
  std::array<int, 2> ends_{};
};

class serving : public testing::Test {
 protected:
  serving() {
    base::set_log(base::severity::error, base::log_format::text);
    auto pattern = (fs::temp_directory_path() / "refrain-serving-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    authority_.issue("DNS:localhost", card(), key());
    auto& values = configuration_.values;
    values.server.listen.port = 0;
    values.server.threads = 1;
    values.admin.enabled = false;
    values.store.url = "memory:";
    values.upstreams["openai"] = {.base_url = "http://127.0.0.1:1/v1", .dialect = "openai"};
  }
  ~serving() override {
    stop();
    fs::remove_all(folder_);
  }

  [[nodiscard]] std::string card() const { return folder_ / "tls.crt"; }
  [[nodiscard]] std::string key() const { return folder_ / "tls.key"; }
  void speak_tls() {
    configuration_.values.server.tls_certificate = card();
    configuration_.values.server.tls_key = key();
  }
  void start() {
    auto made = app::make(configuration_, {.data = folder_, .state = folder_ / "state"});
    ASSERT_TRUE(made) << made.error().to_string();
    gateway_ = std::move(*made);
    thread_ = std::thread([this] { gateway_->run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    gateway_->stop();
    thread_.join();
  }
  [[nodiscard]] bool answers_over_tls(const net::test_authority& trusted) const {
    auto wire = net::test_socket::to(gateway_->data_plane().port);
    net::test_tls_client tls{wire, {.authority = trusted.path()}};
    tls.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return tls.receive_until("}").contains("200 OK");
  }
  /// What it answers to a GET of that path.
  [[nodiscard]] std::string get(std::string_view path) const {
    auto client = net::test_socket::to(gateway_->data_plane().port);
    client.send("GET " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return client.receive_all();
  }
  /// Asks the gateway again and again until `holds`, which asks it; a bound that only a broken test meets.
  template <class Condition>
  static bool comes_true(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    bool did = holds();
    while (!did && std::chrono::steady_clock::now() < end) did = holds();
    return did;
  }

  fs::path folder_;
  const net::test_authority authority_;
  config::loaded configuration_;
  std::unique_ptr<app> gateway_;
  std::thread thread_;
};

TEST_F(serving, over_tls_says_so_where_it_says_its_address) {
  speak_tls();
  start();
  const auto url = "https://127.0.0.1:" + std::to_string(gateway_->data_plane().port);
  EXPECT_EQ(gateway_->base_url().origin(), url);
  EXPECT_TRUE(answers_over_tls(authority_));
  const auto running = find_running(folder_ / "state");
  ASSERT_EQ(running.size(), 1U);
  EXPECT_EQ(running[0].data_plane, url);
}

TEST_F(serving, plainly_says_http) {
  start();
  // It says so before it serves.
  ASSERT_TRUE(get("/healthz").contains("200 OK"));
  ASSERT_EQ(find_running(folder_ / "state").size(), 1U);
  EXPECT_EQ(find_running(folder_ / "state")[0].data_plane,
            "http://127.0.0.1:" + std::to_string(gateway_->data_plane().port));
}

TEST_F(serving, does_not_start_with_a_certificate_that_is_no_good) {
  speak_tls();
  authority_.issue("DNS:localhost", folder_ / "other.crt", folder_ / "other.key");
  configuration_.values.server.tls_key = folder_ / "other.key";
  const auto made = app::make(configuration_, {.data = folder_, .state = folder_ / "state"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, base::errc::bad_config);
  EXPECT_TRUE(made.error().context.contains("is not that of the certificate in " + card())) << made.error().context;
}

TEST_F(serving, shows_a_renewed_certificate_by_itself) {
  speak_tls();
  start();
  ASSERT_TRUE(answers_over_tls(authority_));
  const net::test_authority next{"Next authority"};
  next.issue("DNS:localhost", card(), key());
  EXPECT_TRUE(comes_true([&] { return answers_over_tls(next); }));
}

TEST_F(serving, reads_the_certificate_when_it_reads_the_configuration) {
  speak_tls();
  start();
  const net::test_authority next{"Next authority"};
  next.issue("DNS:localhost", card(), key());
  ASSERT_TRUE(gateway_->reload(configuration_));
  EXPECT_TRUE(answers_over_tls(next));
  std::ofstream{key()} << "half a";
  EXPECT_FALSE(gateway_->reload(configuration_));
  configuration_.values.server.tls_certificate.clear();
  configuration_.values.server.tls_key.clear();
  EXPECT_FALSE(gateway_->reload(configuration_)) << "whether it speaks TLS stays, and with it the files";
  EXPECT_TRUE(answers_over_tls(next));
}

TEST_F(serving, takes_the_log_level_of_a_configuration_that_is_read_again) {
  start();
  base::set_log(base::severity::info, base::log_format::text);
  configuration_.values.log.level = base::severity::error;
  ASSERT_TRUE(gateway_->reload(configuration_));
  EXPECT_FALSE(base::log_enabled(base::severity::warning));
  configuration_.values.log.level = base::severity::info;
  ASSERT_TRUE(gateway_->reload(configuration_));
  EXPECT_TRUE(base::log_enabled(base::severity::info));
}

TEST_F(serving, says_which_changes_of_its_configuration_wait_for_a_restart) {
  start();
  EXPECT_EQ(gateway_->reload(configuration_), std::vector<std::string>{});
  configuration_.values.memory.max_bytes = base::byte_count{1 << 20};
  configuration_.values.server.drain = 1s;
  EXPECT_EQ(gateway_->reload(configuration_), std::vector<std::string>{"memory.max_bytes"});
}

TEST_F(serving, goes_on_while_the_admin_plane_is_busy) {
  configuration_.values.admin = {.listen = {.host = "127.0.0.1", .port = 0}, .token = base::secret{"the-token"}};
  start();
  const auto line =
      entry::to_export_line(*admin::testing::make_entry("hello", "the body", base::system_clock().seconds()), "");
  base::set_log(base::severity::info, base::log_format::text);
  auto admin = net::test_socket::to(gateway_->admin_plane()->port);
  {
    const stuck_error_stream stuck;
    // What was imported is there before the handler says so in the log, where it is stuck.
    admin.send("POST /api/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer the-token\r\nContent-Length: " +
               std::to_string(line.size()) + "\r\n\r\n" + line);
    EXPECT_TRUE(comes_true([&] { return get("/metrics").contains("refrain_store_entries 1\n"); }));
  }
  EXPECT_TRUE(admin.receive_until("}").contains("\"written\":1"));
}

TEST_F(serving, goes_on_where_its_state_folder_cannot_be_written_and_says_why) {
  configuration_.values.admin = {.enabled = true, .listen = {.host = "127.0.0.1", .port = 0}};
  std::ofstream{folder_ / "file"} << "in the way";
  for (const auto& state : {folder_ / "file" / "state", fs::path{"/proc/1/refrain"}, fs::path{}}) {
    const auto made = app::make(configuration_, {.data = folder_, .state = state});
    ASSERT_TRUE(made) << made.error().context;
    const auto& warnings = (*made)->warnings();
    ASSERT_EQ(warnings.size(), 1U);
    const std::string_view cause = state.empty() ? "neither HOME nor XDG_STATE_HOME is set" : "cannot create /";
    EXPECT_TRUE(warnings[0].contains(cause)) << warnings[0];
    EXPECT_TRUE(warnings[0].contains("admin.token")) << warnings[0];
    EXPECT_EQ((*made)->token_file(), "");
    EXPECT_FALSE((*made)->dashboard_url().empty());
  }
}

TEST_F(serving, names_an_address_that_can_be_called_where_it_listens_on_all) {
  configuration_.values.server.listen.host = "0.0.0.0";
  start();
  EXPECT_EQ(gateway_->base_url().origin(), "http://127.0.0.1:" + std::to_string(gateway_->data_plane().port));
  EXPECT_EQ(gateway_->data_plane().host, "0.0.0.0");
}

TEST_F(serving, stops_at_once_where_that_is_asked_for) {
  std::promise<void> asked;
  const net::scripted_server provider{[&](net::test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    asked.set_value();
    EXPECT_EQ(peer.receive_all(), "") << "the gateway gave up";
  }};
  auto& values = configuration_.values;
  values.upstreams["openai"].base_url = "http://127.0.0.1:" + std::to_string(provider.port()) + "/v1";
  values.server.drain = 3600s;
  start();
  auto client = net::test_socket::to(gateway_->data_plane().port);
  client.send("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
  asked.get_future().wait();
  EXPECT_EQ(gateway_->under_way().requests, 1U);
  gateway_->stop();
  EXPECT_EQ(gateway_->drain_time(), 3600s);
  gateway_->stop_at_once();
  thread_.join();
  gateway_.reset();
}

TEST_F(serving, closes_tunnels_at_the_end_of_its_drain) {
  const net::scripted_server provider{[](net::test_listener& at) {
    auto peer = at.accept();
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    EXPECT_EQ(peer.receive_all(), "hello");
  }};
  auto& values = configuration_.values;
  values.upstreams["openai"].base_url = "http://127.0.0.1:" + std::to_string(provider.port()) + "/v1";
  values.server.drain = 1s;
  start();
  auto client = net::test_socket::to(gateway_->data_plane().port);
  client.send(
      "GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_TRUE(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  const auto began = std::chrono::steady_clock::now();
  gateway_->stop();
  client.send("hello");
  thread_.join();
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1s);
  gateway_.reset();
  EXPECT_EQ(client.receive_all(), "");
}

}  // namespace
}  // namespace refrain::app
