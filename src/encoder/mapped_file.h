#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace refrain::encoder {

/// A file whose bytes are read where they lie: pages that nobody touches take no memory. Copies share them. Any thread.
class mapped_file {
 public:
  /// Errors: not_found, io.
  [[nodiscard]] static base::result<mapped_file> open(const std::string& path);

  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

 private:
  std::shared_ptr<void> pages_;
  std::string_view bytes_;
};

}  // namespace refrain::encoder
