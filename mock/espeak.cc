#include "mock/espeak.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "mock/audio.h"

namespace refrain::mock::espeak {
namespace {

constexpr std::size_t most_text = 2'000;
constexpr std::size_t most_sound = std::size_t{64} << 20U;       // bytes
constexpr double usual_pace = 175, slowest = 80, fastest = 450;  // words a minute, as espeak-ng has them

/// A file in memory, open here alone.
class memory_file {
 public:
  explicit memory_file(const char* name) : number_(::memfd_create(name, MFD_CLOEXEC)) {}
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;
  ~memory_file() { ::close(number_); }
  [[nodiscard]] int number() const { return number_; }

  /// Puts in what a program then reads from the start.
  [[nodiscard]] bool fill(std::string_view text) {
    return ::pwrite(number_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  }

  /// All that is in it; nothing where that is more than `most_sound`.
  [[nodiscard]] std::optional<std::string> content() const {
    struct stat found{};
    if (::fstat(number_, &found) != 0 || static_cast<std::size_t>(found.st_size) > most_sound) return std::nullopt;
    std::string all(static_cast<std::size_t>(found.st_size), '\0');
    if (::pread(number_, all.data(), all.size(), 0) != found.st_size) return std::nullopt;
    return all;
  }

 private:
  int number_;
};

std::optional<pid_t> start(std::vector<std::string> arguments, int input, int output) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&how);
  ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  sigset_t none;  // the caller may hold signals back; the program is not to inherit that
  sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&how, &none);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);

  std::vector<char*> list;
  for (auto& one : arguments) list.push_back(one.data());
  list.push_back(nullptr);
  pid_t child = 0;
  const int fault = ::posix_spawn(&child, list.front(), &files, &how, list.data(), environ);
  ::posix_spawnattr_destroy(&how);
  ::posix_spawn_file_actions_destroy(&files);
  if (fault != 0) return std::nullopt;
  return child;
}

/// Whether the child ends well and in time; else it is killed.
bool ends_well(pid_t child, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= deadline) ::kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::optional<std::string> output_of(std::vector<std::string> arguments, const task& what) {
  memory_file text("text");
  const memory_file sound("sound");
  if (!text.fill(fmt::format("{}\n", base::head_of(what.text, most_text)))) return std::nullopt;
  const auto child = start(std::move(arguments), text.number(), sound.number());
  return child && ends_well(*child, what.timeout) ? sound.content() : std::nullopt;
}

/// The language of a tag such as "hi-IN", as espeak-ng names its voices; empty where the tag is none.
std::string voice_of(std::string_view tag) {
  const auto language = tag.substr(0, tag.find('-'));
  const bool plain = std::ranges::all_of(language, [](char c) { return c >= 'a' && c <= 'z'; });
  return plain && (language.size() == 2 || language.size() == 3) ? std::string(language) : std::string();
}

std::string look_for() {
  const char* listed = std::getenv("PATH");
  for (const auto folder : base::split(listed == nullptr ? "" : listed, ':')) {
    auto path = fmt::format("{}/espeak-ng", folder);
    std::error_code unknown;
    if (std::filesystem::is_regular_file(path, unknown) && ::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

}  // namespace

const std::string& installed() {
  static const std::string path = look_for();
  return path;
}

std::optional<pcm> speak(const std::string& program, const task& what) {
  const auto pace = static_cast<int>(std::clamp(usual_pace * what.speed, slowest, fastest));
  const std::vector<std::string> usual{program, "--stdin", "--stdout", "-s", fmt::to_string(pace)};
  std::optional<std::string> file;
  if (const auto voice = voice_of(what.language); !voice.empty()) {
    auto with_voice = usual;
    with_voice.insert(with_voice.end(), {"-v", voice});
    file = output_of(std::move(with_voice), what);
  }
  if (!file) file = output_of(usual, what);
  return file ? read_wav(*file) : std::nullopt;
}

}  // namespace refrain::mock::espeak
