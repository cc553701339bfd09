#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <iterator>
#include <memory>
#include <span>

#include "base/utf8.h"

namespace refrain::base {
namespace {

spdlog::level::level_enum level_of(severity level) noexcept {
  switch (level) {
    case severity::debug: return spdlog::level::debug;
    case severity::info: return spdlog::level::info;
    case severity::warning: return spdlog::level::warn;
    case severity::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// Text without what a terminal would obey or a reader take for another line: control characters are escaped, those of
/// C1 too (U+0080 to U+009F, which are two bytes), and all but ASCII in what is no UTF-8. `quoted`: it is the inside of
/// a string, of JSON's or of a text line's.
void append_shown(std::string_view text, bool quoted, spdlog::memory_buf_t& out) {
  const bool is_text = is_utf8(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool begins_c1 = is_text && c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (quoted && (c == '"' || c == '\\')) out.push_back('\\');
    if (begins_c1) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(text[++i]));
    } else if (c < 0x20 || c == 0x7F || (!is_text && c > 0x7F)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else {
      out.push_back(text[i]);
    }
  }
}

/// Of the line that this thread writes: it is formatted before write_log returns.
thread_local std::span<const log_member> members_at_hand;

/// The text of a line, with the quote that ends it in JSON, and its members.
class shown_line final : public spdlog::custom_flag_formatter {
 public:
  explicit shown_line(bool in_json) : in_json_(in_json) {}

  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    append_shown({message.payload.data(), message.payload.size()}, in_json_, out);
    if (in_json_) out.push_back('"');
    for (const auto& [name, value] : members_at_hand) {
      if (in_json_) {
        fmt::format_to(std::back_inserter(out), R"(,"{}":)", name);
      } else {
        fmt::format_to(std::back_inserter(out), " {}=", name);
      }
      std::visit([&](const auto& one) { append(one, out); }, value);
    }
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<shown_line>(in_json_);
  }

 private:
  void append(std::string_view text, spdlog::memory_buf_t& out) const {
    const bool quoted = in_json_ || text.empty() || text.find_first_of(" =\"\\") != std::string_view::npos;
    if (quoted) out.push_back('"');
    append_shown(text, quoted, out);
    if (quoted) out.push_back('"');
  }
  static void append(auto number, spdlog::memory_buf_t& out) { fmt::format_to(std::back_inserter(out), "{}", number); }

  bool in_json_;
};

spdlog::logger& logger() {
  static const auto instance = std::make_shared<spdlog::logger>(
      "refrain", std::make_shared<spdlog::sinks::stderr_color_sink_mt>(spdlog::color_mode::automatic));
  return *instance;
}

}  // namespace

void set_log(severity least, log_format format) {
  logger().set_level(level_of(least));
  const bool in_json = format == log_format::json;
  auto formatter = std::make_unique<spdlog::pattern_formatter>(in_json ? spdlog::pattern_time_type::utc
                                                                       : spdlog::pattern_time_type::local);
  formatter->add_flag<shown_line>('*', in_json);
  formatter->set_pattern(in_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%*})"
                                 : "%H:%M:%S.%e %^%-7l%$ %*");
  logger().set_formatter(std::move(formatter));
}

bool log_enabled(severity level) noexcept { return logger().should_log(level_of(level)); }

void write_log(severity level, std::string_view line, std::span<const log_member> members) {
  members_at_hand = members;
  logger().log(level_of(level), spdlog::string_view_t{line.data(), line.size()});
  members_at_hand = {};
}

}  // namespace refrain::base
