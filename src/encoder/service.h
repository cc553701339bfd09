#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "encoder/sentence_encoder.h"
#include "encoder/text_encoder.h"

namespace refrain::encoder {

struct service_options {
  unsigned threads = 1;
  std::size_t most_waiting = 1024;  ///< texts; one more is refused
  std::size_t remembered_bytes = std::size_t{16} << 20;
};

/// Encodes by a model of this process, on threads of its own, so that no loop waits for it. What waits goes into one
/// batch, which never waits for more; one text that many ask for at once is encoded once; the vectors of the last texts
/// are remembered. Receivers are called on its threads. Its end finishes what has begun; who waits then gets
/// `cancelled`.
class service final : public text_encoder {
 public:
  /// `id`: see text_encoder.
  service(std::shared_ptr<const sentence_encoder> model, std::uint64_t id, service_options options);
  ~service() override;

  [[nodiscard]] std::size_t width() const noexcept override;
  [[nodiscard]] std::uint64_t id() const noexcept override;
  [[nodiscard]] vector_ptr remembered(std::string_view text) const override;
  void encode(std::string text, receiver done) override;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace refrain::encoder
