#include "support/crowd.h"

#include <fmt/format.h>

#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <random>
#include <string_view>
#include <thread>
#include <vector>

#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/http_client.h"

namespace refrain::tests {
namespace {

constexpr unsigned percent_refreshed = 5;

/// What one client does next; its seed decides all of it.
class visitor {
 public:
  visitor(std::uint64_t seed, int prompts) : random_(seed), prompts_(prompts) {}

  struct question {
    std::string body;
    header_list headers;
  };
  question next() {
    const auto share = std::uniform_real_distribution<>{0, 1}(random_);
    const auto popular = static_cast<int>(std::pow(prompts_, share)) - 1;
    question one{.body = chat("prompt " + std::to_string(popular), random_() % 2 == 0 ? "" : streamed), .headers = {}};
    if (random_() % 100 < percent_refreshed) one.headers.emplace_back("Cache-Control", "no-cache");
    return one;
  }

 private:
  std::mt19937_64 random_;
  int prompts_;
};

}  // namespace

std::string crowd::tally::story() const {
  return fmt::format("{} answered, {} of them hits, {} failed{}{}", answered, hits, failed,
                     failed > 0 ? "; first: " : "", first_failure);
}

struct crowd::parts {
  std::uint16_t port;
  habits how;
  mutable std::mutex mutex{};
  std::condition_variable_any over{};
  tally all{};  ///< guarded by mutex
  std::vector<std::jthread> clients{};

  void keep_asking(const std::stop_token& leaves, visitor who);
  void note(const http_answer& got, std::string_view request);
  void note_failure(std::string what);
};

void crowd::parts::keep_asking(const std::stop_token& leaves, visitor who) {
  std::optional<http_client> line;
  while (!leaves.stop_requested()) {
    const auto asked = who.next();
    try {
      if (!line) line.emplace(port);
      const auto got = line->post(chat_path, asked.body, asked.headers);
      note(got, asked.body);
      if (!got.complete || got.header("connection") == "close") line.reset();
    } catch (const std::exception& fault) {
      note_failure(fault.what());
      line.reset();
    }
    std::unique_lock guard{mutex};
    over.wait_for(guard, leaves, how.breath, [] { return false; });
  }
}

void crowd::parts::note(const http_answer& got, std::string_view request) {
  if (got.status != 200 || !got.complete || !proves(got.body, request)) {
    return note_failure(fmt::format("{} got {}{}: {}", request, got.status, got.complete ? "" : ", cut off", got.body));
  }
  const std::lock_guard guard{mutex};
  ++all.answered;
  if (got.outcome() == "HIT") ++all.hits;
}

void crowd::parts::note_failure(std::string what) {
  const std::lock_guard guard{mutex};
  if (all.failed++ == 0) all.first_failure = std::move(what);
}

crowd::crowd(std::uint16_t port, habits how) : parts_(new parts{.port = port, .how = how}) {
  for (unsigned i = 0; i < how.clients; ++i) {
    parts_->clients.emplace_back([all = parts_.get(), who = visitor{how.seed + i, how.prompts}](
                                     const std::stop_token& leaves) { all->keep_asking(leaves, who); });
  }
}

crowd::~crowd() { (void)leave(); }

crowd::tally crowd::so_far() const {
  const std::lock_guard guard{parts_->mutex};
  return parts_->all;
}

crowd::tally crowd::leave() {
  for (auto& one : parts_->clients) one.request_stop();
  parts_->clients.clear();
  return so_far();
}

}  // namespace refrain::tests
