#include "bench/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "bench/load.h"
#include "config/secret_file.h"

namespace refrain::bench {
namespace {

/// Place of the question's number in a body that the user gives.
constexpr std::string_view number_mark = "{n}";
constexpr std::size_t largest_body = 32 << 20;

struct options {
  explicit options(CLI::App& app);

  std::string url = "http://127.0.0.1:7337/v1";
  std::string key;
  std::string body;
  std::string model = "gpt-4o-mini";
  unsigned connections = 16;
  double seconds = 10;
  std::uint64_t requests = 0;
  unsigned distinct = 1;
  bool stream = false;
  bool json = false;
};

options::options(CLI::App& app) {
  app.add_option("--url", url, "Base URL of a gateway on this machine")->capture_default_str();
  app.add_option("--connections", connections, "Connections that ask at once")
      ->check(CLI::Range(1u, 10'000u))
      ->capture_default_str();
  auto* const duration = app.add_option("--seconds", seconds, "How long it lasts")
                             ->check(CLI::Range(0.001, 86'400.0))
                             ->capture_default_str();
  app.add_option("--requests", requests, "How many requests in all, instead of a time")
      ->check(CLI::PositiveNumber)
      ->excludes(duration);
  app.add_option("--distinct", distinct, "How many different questions: each costs one call upstream")
      ->check(CLI::Range(1u, 1'000'000u))
      ->capture_default_str();
  app.add_flag("--stream", stream, "Ask for streams");
  app.add_option("--model", model, "Model that is asked")->capture_default_str();
  app.add_option("--key", key, "Key to show; without it the gateway lends its own");
  app.add_option("--body", body, "File with the request body; {n} in it is the question's number");
  app.add_flag("--json", json, "A JSON object instead of a table");
}

std::string default_body(const options& given) {
  return fmt::format(R"({{"model":"{}",{}"messages":[{{"role":"user","content":"Question {} of refrain bench"}}]}})",
                     given.model, given.stream ? R"("stream":true,)" : "", number_mark);
}

std::string numbered(std::string body, unsigned number) {
  const auto text = std::to_string(number);
  for (auto at = body.find(number_mark); at != std::string::npos; at = body.find(number_mark, at + text.size())) {
    body.replace(at, number_mark.size(), text);
  }
  return body;
}

base::result<load> plan(const options& given) {
  const auto to = base::parse_url(given.url);
  if (!to) return base::fail(base::errc::bad_usage, fmt::format("--url: {}", to.error().context));
  if (to->scheme != "http" || !base::is_loopback_host(to->host)) {
    return base::fail(base::errc::bad_usage,
                      "--url: only a gateway on this machine is put under load: http://127.0.0.1, http://[::1] or "
                      "http://localhost");
  }
  auto body = default_body(given);
  if (!given.body.empty()) {
    auto text = config::read_text_file(given.body, largest_body);
    if (!text) return base::fail(base::errc::bad_usage, fmt::format("--body: {}", text.error().context));
    body = *std::move(text);
  }
  load planned{.to = *to,
               .questions = {},
               .key = given.key,
               .stream = given.stream,
               .connections = given.connections,
               .requests = given.requests,
               .time = std::chrono::milliseconds{static_cast<std::int64_t>(given.seconds * 1000)}};
  for (unsigned i = 0; i < given.distinct; ++i) planned.questions.push_back(numbered(body, i));
  return planned;
}

base::result<int> run(const options& given) {
  const auto planned = plan(given);
  if (!planned) return base::fail(planned.error());
  const auto result = measure(*planned);
  const auto page = given.json ? as_json(result, given.connections) : as_text(result, given.connections);
  std::fwrite(page.data(), 1, page.size(), stdout);
  return result.good() > 0 && result.bad() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

std::function<base::result<int>()> attach(CLI::App& app) {
  return [given = std::make_shared<const options>(app)] { return run(*given); };
}

}  // namespace refrain::bench
