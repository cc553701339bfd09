#include "base/clock.h"

namespace refrain::base {
namespace {

class machine_clock final : public clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return std::chrono::system_clock::now(); }
  [[nodiscard]] steady_time steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

const clock& system_clock() noexcept {
  static const machine_clock instance;
  return instance;
}

}  // namespace refrain::base
