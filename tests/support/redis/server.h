#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace refrain::redis::testing {

/// A port that was free a moment ago.
inline std::uint16_t free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  const bool bound = ::bind(listener, reinterpret_cast<sockaddr*>(&where), size) == 0 &&
                     ::getsockname(listener, reinterpret_cast<sockaddr*>(&where), &size) == 0;
  ::close(listener);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(where.sin_port);
}

/// The server that the tests run against: redis-server, or what the variable REFRAIN_TEST_REDIS_SERVER names, such as a
/// valkey-server. `redis-cli` speaks to either.
inline std::string server_program() {
  const char* const named = std::getenv("REFRAIN_TEST_REDIS_SERVER");
  return named != nullptr && *named != '\0' ? named : "redis-server";
}

/// Certificate and key of a server that speaks TLS alone, and the authority whose clients it takes.
struct tls_files {
  std::string certificate;
  std::string key;
  std::string authority;
};

/// For tests: a real Redis in a folder of its own, on a free port, that keeps nothing on disk. It ends with the object.
class server {
 public:
  /// `more` are options of its command line: `--requirepass`, `secret`... `config` is what its file shall say: a
  /// Sentinel must have one.
  explicit server(std::vector<std::string> more = {}, const std::string& config = {})
      : server(std::move(more), std::nullopt, config) {}
  /// Speaks TLS where `tls` is given; shows no interest in certificates of clients.
  server(std::vector<std::string> more, std::optional<tls_files> tls, const std::string& config = {})
      : more_(std::move(more)), tls_(std::move(tls)) {
    std::string name = (std::filesystem::temp_directory_path() / "refrain-redis-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a Redis");
    folder_ = name;
    if (!config.empty()) std::ofstream(config_file()) << config;
    start();
  }
  ~server() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  [[nodiscard]] bool is_running() const noexcept { return process_ > 0; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  [[nodiscard]] std::string url() const {
    return (tls_ ? "rediss://localhost:" : "redis://127.0.0.1:") + std::to_string(port_);
  }

  /// Starts it again after `stop`, on the same port; the first time on one that is free.
  void start() {
    // Between the look for a port and its use another may take it.
    for (int attempt = 0; attempt < 5; ++attempt) {
      if (port_ == 0) port_ = free_port();
      if (attempt > 0 && !started_) move_bus();
      launch();
      if (await()) return;
      stop();
      if (attempt < 4 && !started_) port_ = 0;
    }
    throw std::runtime_error(server_program() + " does not start; its log lies in " + (folder_ / "log").string());
  }
  /// Ends it at once, as a crash would.
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGCONT);
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  /// It lives, and answers nothing, until `resume`.
  void pause() const { ::kill(process_, SIGSTOP); }
  void resume() const { ::kill(process_, SIGCONT); }

 private:
  [[nodiscard]] std::string config_file() const { return (folder_ / "config").string(); }

  /// Another port for what a Cluster's nodes say to each other, where one is among the options.
  void move_bus() {
    for (std::size_t i = 0; i + 1 < more_.size(); ++i) {
      if (more_[i] == "--cluster-port") more_[i + 1] = std::to_string(free_port());
    }
  }

  void launch() {
    std::error_code none;
    const auto size = std::filesystem::file_size(folder_ / "log", none);
    read_to_ = none ? 0 : size;
    // It ends with us, however we end, and holds no pipe of ours open.
    std::vector<std::string> words{"setpriv", "--pdeathsig", "KILL", server_program()};
    if (std::filesystem::exists(config_file())) words.push_back(config_file());
    words.insert(words.end(), {tls_ ? "--tls-port" : "--port", std::to_string(port_), "--bind", "127.0.0.1", "--save",
                               "", "--appendonly", "no", "--dir", folder_, "--logfile", (folder_ / "log").string()});
    if (tls_) {
      words.insert(words.end(), {"--port", "0", "--tls-auth-clients", "no", "--tls-cert-file", tls_->certificate,
                                 "--tls-key-file", tls_->key, "--tls-ca-cert-file", tls_->authority});
    }
    words.insert(words.end(), more_.begin(), more_.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t quiet;
    ::posix_spawn_file_actions_init(&quiet);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
      ::posix_spawn_file_actions_addopen(&quiet, stream, "/dev/null", O_WRONLY, 0);
    }
    const int fault = ::posix_spawnp(&process_, words.front().c_str(), &quiet, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&quiet);
    if (fault != 0) throw std::runtime_error(server_program() + " cannot be started");
  }

  /// Whether it takes connections; false where it has ended. Its log tells: what is reached at its port may be another
  /// test's server, which was there first.
  [[nodiscard]] bool await() {
    for (int turn = 0; turn < 1000; ++turn) {
      if (::waitpid(process_, nullptr, WNOHANG) != 0) {
        process_ = 0;
        return false;
      }
      if (is_ready()) return started_ = true;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return false;
  }

  [[nodiscard]] bool is_ready() const {
    std::ifstream file{folder_ / "log"};
    const std::string log{std::istreambuf_iterator<char>{file}, {}};
    return log.find("Ready to accept connections", read_to_) != std::string::npos ||
           log.find("Sentinel ID is", read_to_) != std::string::npos;
  }

  std::vector<std::string> more_;
  std::optional<tls_files> tls_;
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t process_ = 0;
  bool started_ = false;
  std::size_t read_to_ = 0;  ///< of the log: what was there before it was started last
};

}  // namespace refrain::redis::testing
