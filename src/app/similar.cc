#include "app/similar.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "encoder/installed.h"
#include "encoder/pair_scorer.h"
#include "encoder/service.h"
#include "semantic/kept_evidence.h"

namespace refrain::app {
namespace {

using base::errc;
using base::fail;
using config::semantic_mode;

constexpr double least_exploration = 0.01;
constexpr std::size_t page = 500;

/// Whether a mode that somebody has set needs an encoder.
bool is_demanded(const config::settings& settings) {
  const auto demands = [](const std::optional<semantic_mode>& mode) {
    return mode.value_or(semantic_mode::off) != semantic_mode::off;
  };
  return demands(settings.semantic.mode) ||
         std::ranges::any_of(settings.upstreams, [&](const auto& one) { return demands(one.second.semantic); });
}

bool is_off(const config::settings& settings) {
  return settings.semantic.mode == semantic_mode::off && !is_demanded(settings);
}

unsigned threads_of(const config::settings& settings) {
  if (settings.semantic.threads > 0) return settings.semantic.threads;
  return std::max(1U, std::thread::hardware_concurrency() / 2);
}

double draw() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(random);
}

semantic::matcher_options matching(const config::settings::semantic_section& said,
                                   std::shared_ptr<const encoder::pair_scorer> scorer) {
  return {.learning = {.wanted = {.max_wrong = said.max_wrong_hits, .confidence = said.confidence},
                       .explore_rate = std::max(said.explore_rate, least_exploration)},
          .draw = draw,
          .scorer = std::move(scorer)};
}

/// The pair scorer that this program has within it, where it was made for this encoder.
std::shared_ptr<const encoder::pair_scorer> scorer_for(const std::string& folder) {
  if (encoder::embedded_scorer.empty()) return nullptr;
  auto opened = encoder::pair_scorer::open(folder, encoder::embedded_scorer);
  if (opened) return std::make_shared<const encoder::pair_scorer>(std::move(*opened));
  base::log_warning("questions are compared by their vectors alone: {}", opened.error().context);
  return nullptr;
}

}  // namespace

base::result<similar_house> open_similar(const config::settings& settings, const folders& where) {
  if (is_off(settings)) return similar_house{.answers = {}, .why_not = "semantic.mode is off"};
  const auto found = encoder::find_installed(settings.semantic.encoder, where.data);
  auto model = found ? encoder::sentence_encoder::open(found->folder, found->rules) : fail(found.error());
  if (!model) {
    if (is_demanded(settings)) {
      return fail(errc::bad_config, fmt::format("semantic.mode needs an encoder: {}", model.error().context));
    }
    return similar_house{.answers = {}, .why_not = model.error().context};
  }
  auto service =
      std::make_unique<encoder::service>(std::make_shared<const encoder::sentence_encoder>(std::move(*model)),
                                         found->id, encoder::service_options{.threads = threads_of(settings)});
  return similar_house{
      .answers = std::make_unique<gateway::similar_answers>(
          std::move(service), base::system_clock(),
          gateway::similar_answers::options{.matching = matching(settings.semantic, scorer_for(found->folder)),
                                            .indexing = {.most_bytes = settings.semantic.max_bytes.value},
                                            .only_latin = found->only_latin}),
      .why_not = {}};
}

net::task<> index_stored(gateway::similar_answers* into, entry::store* from) {
  std::string cursor;
  do {
    const entry::selector wanted{.type = entry::cache_type::llm};
    auto got = co_await from->catalogue().list(wanted, std::move(cursor), page);
    if (!got) {
      base::log_warning("stored questions are not all found by meaning: {}", got.error().context);
      co_return;
    }
    for (const auto& one : got->entries) into->add(one);
    cursor = std::move(got->next);
  } while (!cursor.empty());
}

net::task<> learn_kept(gateway::similar_answers* into, entry::store* from, std::int64_t today) {
  const auto kept = co_await from->counters().since(today - semantic::days_of_evidence);
  if (kept) into->matcher().take_in(*kept, today);
}

}  // namespace refrain::app
