#include "base/log.h"

#include <simdjson.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

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

/// The message as the inside of a JSON string: a log line must stay one line and one object, whatever it quotes.
class json_text final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    // What is no UTF-8 cannot stand in JSON: its bytes are shown as Latin-1 has them.
    const bool is_text = simdjson::validate_utf8(message.payload.data(), message.payload.size());
    for (const char c : message.payload) {
      if (c == '"' || c == '\\') {
        out.push_back('\\');
        out.push_back(c);
      } else if (static_cast<unsigned char>(c) < 0x20 || (!is_text && static_cast<unsigned char>(c) > 0x7F)) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
      } else {
        out.push_back(c);
      }
    }
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<json_text>(); }
};

spdlog::logger& logger() {
  static const auto instance = std::make_shared<spdlog::logger>(
      "refrain", std::make_shared<spdlog::sinks::stderr_color_sink_mt>(spdlog::color_mode::automatic));
  return *instance;
}

}  // namespace

void set_log(severity least, log_format format) {
  logger().set_level(level_of(least));
  if (format == log_format::text) {
    logger().set_pattern("%H:%M:%S.%e %^%-7l%$ %v");
    return;
  }
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<json_text>('*').set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%*"})");
  logger().set_formatter(std::move(formatter));
}

bool log_enabled(severity level) noexcept { return logger().should_log(level_of(level)); }

void write_log(severity level, std::string_view line) {
  logger().log(level_of(level), spdlog::string_view_t{line.data(), line.size()});
}

}  // namespace refrain::base
