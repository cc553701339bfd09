#include "app/run_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <utility>

#include "base/log.h"
#include "base/private_file.h"
#include "base/text.h"
#include "config/secret_file.h"

namespace refrain::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t most_bytes = 64 << 10;

struct text_member {
  const char* name;
  std::string running::* member;
};
constexpr std::array text_members{
    text_member{"data_plane", &running::data_plane},
    text_member{"admin_plane", &running::admin_plane},
    text_member{"store", &running::store},
    text_member{"token_file", &running::token_file},
};

fs::path folder_of(const fs::path& state) { return state / "run"; }

std::string encode(const running& what, const std::string& birth) {
  json::object form{{"pid", what.pid}, {"started", what.started.time_since_epoch().count()}, {"birth", birth}};
  for (const auto& [name, member] : text_members) form[name] = what.*member;
  return json::serialize(form) + "\n";
}

/// A run file's content, and the birth of the process that wrote it.
struct note {
  running what;
  std::string birth;
};

std::string text_of(const json::object& form, const char* name) {
  const auto* const found = form.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string{};
}

std::int64_t number_of(const json::object& form, const char* name) {
  const auto* const found = form.if_contains(name);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

std::optional<note> read_note(const fs::path& path) {
  const auto text = config::read_text_file(path, most_bytes);
  if (!text) return std::nullopt;
  json::error_code fault;
  const auto parsed = json::parse(*text, fault);
  if (fault || !parsed.is_object()) return std::nullopt;
  const auto& form = parsed.get_object();
  note read{.what = {}, .birth = text_of(form, "birth")};
  for (const auto& [name, member] : text_members) read.what.*member = text_of(form, name);
  read.what.pid = static_cast<int>(number_of(form, "pid"));
  read.what.started = base::sys_seconds{std::chrono::seconds{number_of(form, "started")}};
  return read;
}

/// The process id that a file's name says; nothing for what is no run file, such as one that is being written.
std::optional<int> pid_in(const fs::path& path) {
  if (path.extension() != ".json") return std::nullopt;
  return base::to_integer<int>(path.stem().string());
}

}  // namespace

run_file::run_file(const fs::path& state, running what) : path_(folder_of(state) / fmt::format("{}.json", ::getpid())) {
  if (state.empty()) {
    base::log_warning("commands will not find this gateway: neither HOME nor XDG_STATE_HOME is set");
    return;
  }
  what.pid = ::getpid();
  what.started = base::system_clock().seconds();
  auto ready = base::make_private_folder(state);
  if (ready) ready = base::make_private_folder(folder_of(state));
  if (!ready) {
    base::log_warning("commands will not find this gateway: {}", ready.error().context);
    return;
  }
  const auto text = encode(what, birth_of_process(what.pid).value_or(""));
  const auto written = base::write_private_file(path_, text, base::if_exists::replace);
  written_ = written.has_value();
  if (!written_) base::log_warning("commands will not find this gateway: {}", written.error().context);
}

run_file::~run_file() {
  if (!written_) return;
  std::error_code ignored;
  fs::remove(path_, ignored);
}

std::optional<std::string> birth_of_process(int pid) {
  const auto stat = config::read_text_file(fmt::format("/proc/{}/stat", pid), most_bytes);
  const auto boot = config::read_text_file("/proc/sys/kernel/random/boot_id", most_bytes);
  if (!stat || !boot) return std::nullopt;
  // The second field is the program's name in parentheses and may hold blanks; the start time is the 22nd.
  const auto after_name = stat->rfind(')');
  if (after_name == std::string::npos) return std::nullopt;
  constexpr std::size_t start_time = 22 - 3;
  const auto fields = base::split(std::string_view{*stat}.substr(after_name + 1), ' ');
  if (fields.size() <= start_time) return std::nullopt;
  return fmt::format("{} {}", base::trim(base::split(*boot, '\n').front()), fields[start_time]);
}

std::vector<running> find_running(const fs::path& state, const birth_of& birth) {
  std::vector<running> alive;
  if (state.empty()) return alive;
  std::error_code fault;
  for (const auto& file : fs::directory_iterator(folder_of(state), fault)) {
    const auto pid = pid_in(file.path());
    if (!pid) continue;
    auto read = read_note(file.path());
    const auto own = birth(*pid);
    if (read && own && read->what.pid == *pid && read->birth == *own) {
      alive.push_back(std::move(read->what));
    } else {
      std::error_code ignored;
      fs::remove(file.path(), ignored);
    }
  }
  std::ranges::sort(alive, {}, [](const running& one) { return std::pair{one.started, one.pid}; });
  return alive;
}

}  // namespace refrain::app
