#include "encoder/service.h"

#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace refrain::encoder {
namespace {

constexpr std::size_t most_in_batch = 16;

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};
template <class Value>
using by_text = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

/// The vectors of the last texts, within a bound of bytes.
class memory {
 public:
  explicit memory(std::size_t most_bytes) : most_(most_bytes) {}

  [[nodiscard]] vector_ptr find(std::string_view text) {
    const auto known = places_.find(text);
    if (known == places_.end()) return nullptr;
    order_.splice(order_.begin(), order_, known->second);
    return known->second->second;
  }

  void keep(const std::string& text, vector_ptr vector) {
    if (places_.contains(text)) return;
    bytes_ += bytes_of(text, *vector);
    order_.emplace_front(text, std::move(vector));
    places_.emplace(text, order_.begin());
    while (bytes_ > most_ && !order_.empty()) {
      const auto& [oldest, its_vector] = order_.back();
      bytes_ -= bytes_of(oldest, *its_vector);
      places_.erase(oldest);
      order_.pop_back();
    }
  }

 private:
  using item = std::pair<std::string, vector_ptr>;
  static std::size_t bytes_of(const std::string& text, const std::vector<float>& vector) {
    constexpr std::size_t overhead = 200;
    return overhead + 2 * text.size() + vector.size() * sizeof(float);
  }

  const std::size_t most_;
  std::size_t bytes_ = 0;
  std::list<item> order_;  ///< last used first
  by_text<std::list<item>::iterator> places_;
};

}  // namespace

struct service::state {
  using receivers = std::vector<receiver>;

  state(std::shared_ptr<const sentence_encoder> made, std::uint64_t its_id, service_options given)
      : model(std::move(made)), id(its_id), options(given), vectors(given.remembered_bytes) {}

  void work();
  [[nodiscard]] std::vector<std::string> take_batch();
  void deliver(const std::vector<std::string>& texts, const std::vector<float>& rows);

  const std::shared_ptr<const sentence_encoder> model;
  const std::uint64_t id;
  const service_options options;

  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;          ///< guarded by mutex, as is all below
  std::deque<std::string> queue;  ///< texts that no thread has taken yet
  by_text<receivers> waiting;     ///< for each text in the queue or at work
  memory vectors;
  std::vector<std::jthread> threads;  ///< last: they end first
};

service::service(std::shared_ptr<const sentence_encoder> model, std::uint64_t id, service_options options)
    : state_(std::make_unique<state>(std::move(model), id, options)) {
  for (unsigned i = 0; i < options.threads; ++i) state_->threads.emplace_back([all = state_.get()] { all->work(); });
}

service::~service() {
  {
    const std::lock_guard guard{state_->mutex};
    state_->stopping = true;
  }
  state_->wake.notify_all();
  state_->threads.clear();
  for (auto& [text, all] : state_->waiting) {
    for (auto& done : all) done(base::fail(base::errc::cancelled, "the encoder has ended"));
  }
}

std::size_t service::width() const noexcept { return state_->model->width(); }
std::uint64_t service::id() const noexcept { return state_->id; }

vector_ptr service::remembered(std::string_view text) const {
  const std::lock_guard guard{state_->mutex};
  return state_->vectors.find(text);
}

void service::encode(std::string text, receiver done) {
  std::unique_lock guard{state_->mutex};
  if (auto known = state_->vectors.find(text)) {
    guard.unlock();
    return done(std::move(known));
  }
  if (const auto at_work = state_->waiting.find(text); at_work != state_->waiting.end()) {
    at_work->second.push_back(std::move(done));
    return;
  }
  if (state_->queue.size() >= state_->options.most_waiting) {
    guard.unlock();
    return done(base::fail(base::errc::overloaded, "too many texts wait for the encoder"));
  }
  state_->waiting[text].push_back(std::move(done));
  state_->queue.push_back(std::move(text));
  guard.unlock();
  state_->wake.notify_one();
}

void service::state::work() {
  workspace room;
  while (true) {
    const auto texts = take_batch();
    if (texts.empty()) return;
    deliver(texts, model->encode(texts, room));
  }
}

/// Waits for a text, and takes with it those that wait as well. None at the end.
std::vector<std::string> service::state::take_batch() {
  std::unique_lock guard{mutex};
  wake.wait(guard, [this] { return stopping || !queue.empty(); });
  std::vector<std::string> texts;
  while (!stopping && !queue.empty() && texts.size() < most_in_batch) {
    texts.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  return texts;
}

void service::state::deliver(const std::vector<std::string>& texts, const std::vector<float>& rows) {
  const auto width = model->width();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto* const row = rows.data() + i * width;
    const auto vector = std::make_shared<const std::vector<float>>(row, row + width);
    receivers all;
    {
      const std::lock_guard guard{mutex};
      vectors.keep(texts[i], vector);
      all = std::move(waiting.extract(texts[i]).mapped());
    }
    for (auto& done : all) done(vector);
  }
}

}  // namespace refrain::encoder
