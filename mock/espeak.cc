#include "mock/espeak.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "mock/audio_wav.h"
#include "mock/text.h"

namespace refrain::mock::espeak {
namespace {

constexpr std::size_t most_text = 2'000;                         // fits a pipe's buffer, whatever reads it
constexpr std::size_t most_sound = std::size_t{64} << 20U;       // bytes
constexpr double usual_pace = 175, slowest = 80, fastest = 450;  // words a minute, as espeak-ng has them

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&&) = delete;
  ~descriptor() { close(); }
  [[nodiscard]] int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

struct channel {
  descriptor out;  // to read from
  descriptor in;   // to write to
};

std::optional<channel> open_channel() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return channel{.out = descriptor(ends[0]), .in = descriptor(ends[1])};
}

/// A pipe with the whole text in it and nobody to write more: a child that never reads it can neither block nor end the
/// writer.
std::optional<descriptor> pipe_with(std::string text) {
  auto pipe = open_channel();
  text += '\n';
  if (!pipe || ::write(pipe->in.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return std::nullopt;
  }
  return std::move(pipe->out);
}

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

/// All that comes until the end; nothing where the end does not come in time, or not within `most_sound`.
std::optional<std::string> read_all(int from, std::chrono::milliseconds timeout) {
  using clock = std::chrono::steady_clock;
  const auto deadline = clock::now() + timeout;
  std::string all;
  std::vector<char> bytes(std::size_t{64} << 10U);
  while (all.size() <= most_sound) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    pollfd one{.fd = from, .events = POLLIN, .revents = 0};
    if (left <= 0 || ::poll(&one, 1, static_cast<int>(left)) <= 0) return std::nullopt;
    const auto count = ::read(from, bytes.data(), bytes.size());
    if (count < 0) return std::nullopt;
    if (count == 0) return all;
    all.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

std::optional<std::string> output_of(std::vector<std::string> arguments, const task& what) {
  const auto input = pipe_with(std::string(head_of(what.text, most_text)));
  auto output = open_channel();
  if (!input || !output) return std::nullopt;
  const auto child = start(std::move(arguments), input->number(), output->in.number());
  if (!child) return std::nullopt;
  output->in.close();
  auto sound = read_all(output->out.number(), what.timeout);
  if (!sound) ::kill(*child, SIGKILL);
  int status = 0;
  ::waitpid(*child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return sound;
}

/// The language of a tag such as "hi-IN", as espeak-ng names its voices; empty where the tag is none.
std::string voice_of(std::string_view tag) {
  const auto language = tag.substr(0, tag.find('-'));
  const bool plain = std::ranges::all_of(language, [](char c) { return c >= 'a' && c <= 'z'; });
  return plain && (language.size() == 2 || language.size() == 3) ? std::string(language) : std::string();
}

std::string look_for() {
  const char* listed = std::getenv("PATH");
  std::string_view rest = listed == nullptr ? "" : listed;
  while (!rest.empty()) {
    const auto folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    auto path = fmt::format("{}/espeak-ng", folder);
    struct stat found{};
    if (::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && ::access(path.c_str(), X_OK) == 0) return path;
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
