// refrain mock: a fake provider.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/process.h"
#include "mock/server.h"

namespace refrain::cli {
namespace {

constexpr std::string_view default_listen = "127.0.0.1:7339";

/// What CLI11 fills in; durations in milliseconds.
struct mock_flags {
  explicit mock_flags(CLI::App& app);

  mock::options how{.listen = std::string(default_listen)};
  std::int64_t latency = 0;
  std::int64_t gap = 0;
};

mock_flags::mock_flags(CLI::App& app) {
  const auto share = CLI::Range(0.0, 1.0);
  const auto milliseconds = CLI::Range(std::int64_t{0}, std::int64_t{86'400'000});
  app.add_option("--listen", how.listen, "Address and port; port 0 takes a free one")->capture_default_str();
  app.add_option("--seed", how.seed, "Decides which calls fail by chance")->capture_default_str();
  app.add_option("--latency", latency, "Milliseconds to the first byte")->check(milliseconds);
  app.add_option("--gap", gap, "Milliseconds between chunks of a stream")->check(milliseconds);
  app.add_option("--error-rate", how.error_rate, "Share of calls that get an error, 0 to 1")->check(share);
  app.add_option("--error-status", how.error_status, "HTTP status of those errors")
      ->check(CLI::Range(400, 599))
      ->capture_default_str();
  app.add_option("--truncate-rate", how.truncate_rate, "Share of calls cut off within the body")->check(share);
  app.add_option("--stall-rate", how.stall_rate, "Share of calls that fall silent")->check(share);
  app.add_option("--reset-rate", how.reset_rate, "Share of calls whose connection is reset")->check(share);
  app.add_option("--chunk", how.tokens_per_chunk, "Tokens in a chunk of a stream")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--bytes", how.text_bytes, "Length of an answer's text")->capture_default_str();
  app.add_option("--threads", how.threads, "Threads that serve")->check(CLI::Range(1, 256))->capture_default_str();
  auto* certificate = app.add_option("--tls-cert", how.tls_certificate, "PEM file: serve HTTPS");
  auto* key = app.add_option("--tls-key", how.tls_key, "PEM file with the certificate's key");
  certificate->needs(key);
  key->needs(certificate);
  app.add_option("--key", how.require_key, "Answer 401 to clients that do not show this key");
}

void print_banner(const mock::options& how, std::uint16_t port) {
  const auto base = fmt::format("{}://{}:{}/v1", how.tls_certificate.empty() ? "http" : "https",
                                std::string_view(how.listen).substr(0, how.listen.rfind(':')), port);
  fmt::print("refrain mock: a fake provider, listening on {}\n\n", base);
  fmt::print("  curl{} {}/chat/completions -H 'Content-Type: application/json'{} \\\n",
             how.tls_certificate.empty() ? "" : " -k", base,
             how.require_key.empty() ? "" : " -H \"Authorization: Bearer $KEY\"");
  fmt::print("    -d '{{\"model\":\"gpt-4o-mini\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hello\"}}]}}'\n\n");
  std::fflush(stdout);
}

base::result<int> run(const mock_flags& flags) {
  auto how = flags.how;
  how.latency = std::chrono::milliseconds(flags.latency);
  how.gap = std::chrono::milliseconds(flags.gap);
  raise_descriptor_limit();
  const held_signals stops{SIGINT, SIGTERM};

  mock::server provider(how);
  const auto port = provider.start();
  if (!port) {
    auto why = port.error();
    if (why.code == base::errc::port_in_use) {
      why.context += "; choose another with --listen, such as --listen 127.0.0.1:0";
    }
    return base::fail(std::move(why));
  }
  print_banner(how, *port);
  (void)stops.wait();
  provider.stop();
  const auto served = provider.counters();
  fmt::print("refrain mock: {} calls served, {} bytes sent\n", served.calls, served.bytes_out);
  return exit_done;
}

}  // namespace

action attach_mock(CLI::App& app) { return make_action<mock_flags>(app, run); }

}  // namespace refrain::cli
