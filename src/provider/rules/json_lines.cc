#include "provider/rules/json_lines.h"

#include <string>
#include <utility>

#include "base/bytes.h"
#include "provider/json/canonical.h"

namespace refrain::provider {
namespace {

using base::operator""_MiB;

constexpr auto max_line = 16_MiB;

class line_reader final : public answer_reader {
 public:
  explicit line_reader(std::unique_ptr<answer_judge> judge) : judge_(std::move(judge)) {}

  void feed(std::string_view bytes) override {
    fed_ += bytes.size();
    if (too_large_) return;
    const auto end = bytes.rfind('\n') + 1;
    partial_.append(bytes.substr(0, end == 0 ? bytes.size() : end));
    if (end > 0) {
      take_lines(uncacheable_reason::malformed_answer);
      partial_ = bytes.substr(end);
    }
    if (partial_.size() > max_line.value) take_lines(uncacheable_reason::too_large);
  }

  [[nodiscard]] std::uint64_t whole() const override { return finished_ ? fed_ : fed_ - partial_.size(); }

  [[nodiscard]] verdict finish(std::string_view /*whole*/) override {
    take_lines(uncacheable_reason::truncated);
    finished_ = true;
    if (why_not_ == uncacheable_reason::none && fed_ == 0) why_not_ = uncacheable_reason::empty_answer;
    auto judged = judge_->conclude(why_not_);
    judged.by_framing = !judge_->ended();
    return judged;
  }

 private:
  /// Takes what is there. `unreadable`: what it means that a line is no JSON.
  void take_lines(uncacheable_reason unreadable) {
    // What comes after a fault is not looked at.
    (void)all_lines(partial_, [&](std::string_view line) {
      if (why_not_ == uncacheable_reason::none) why_not_ = judge_line(line, unreadable);
      return why_not_ == uncacheable_reason::none;
    });
    too_large_ = why_not_ == uncacheable_reason::too_large;
    std::string().swap(partial_);
  }

  uncacheable_reason judge_line(std::string_view line, uncacheable_reason unreadable) {
    if (line.size() > max_line.value) return uncacheable_reason::too_large;
    const auto object = canonicaliser::of_thread().read(line);
    return object ? judge_->take(*object) : unreadable;
  }

  std::unique_ptr<answer_judge> judge_;
  std::string partial_;  ///< the line that has no end yet
  uncacheable_reason why_not_ = uncacheable_reason::none;
  std::uint64_t fed_ = 0;
  bool too_large_ = false;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<answer_reader> read_json_lines(std::unique_ptr<answer_judge> judge) {
  return std::make_unique<line_reader>(std::move(judge));
}

}  // namespace refrain::provider
