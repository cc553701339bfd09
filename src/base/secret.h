#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace refrain::base {

/// Text that must not land in a log, a metric, an error or a dump. It has no stream operator and no formatter, so that
/// showing it takes a call that says so; its memory is wiped when it goes.
class secret {
 public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}
  secret(const secret&) = default;
  secret(secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  secret& operator=(const secret& other);
  secret& operator=(secret&& other) noexcept;
  ~secret() { wipe(); }

  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  /// The text itself, for the wire or a key derivation alone.
  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
  /// What may be shown: the last two characters of a long one, else only that it is set.
  [[nodiscard]] std::string masked() const;

 private:
  void wipe() noexcept;
  std::string text_;
};

/// Compares in a time that does not depend on where the texts differ.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace refrain::base
