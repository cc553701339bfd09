#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace refrain::encoder {

using vector_ptr = std::shared_ptr<const std::vector<float>>;

/// Turns texts into vectors behind the caller's back: a model of this process (service.h), or an endpoint elsewhere.
/// Any thread.
class text_encoder {
 public:
  using receiver = std::function<void(base::result<vector_ptr>)>;

  virtual ~text_encoder() = default;

  /// Numbers in a vector.
  [[nodiscard]] virtual std::size_t width() const noexcept = 0;
  /// Names the model, and all that its vectors depend on: those of another do not compare.
  [[nodiscard]] virtual std::uint64_t id() const noexcept = 0;

  /// The vector, where the text was encoded lately; else nullptr.
  [[nodiscard]] virtual vector_ptr remembered(std::string_view text) const = 0;

  /// Has a text encoded; `done` is called once, on a thread of the encoder's, or at once. Errors: overloaded where too
  /// many wait, cancelled where the encoder ends before, those of the model.
  virtual void encode(std::string text, receiver done) = 0;
};

}  // namespace refrain::encoder
