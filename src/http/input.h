#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace refrain::http {

/// Bytes that have arrived and were not consumed yet. Views of it stay good until `space` or `clear` is called.
class input {
 public:
  [[nodiscard]] std::string_view view() const noexcept { return {storage_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  void consume(std::size_t size) noexcept { begin_ += size; }
  void clear() noexcept { begin_ = end_ = 0; }

  /// Room for at least `size` more bytes at the end; may move what is there.
  [[nodiscard]] std::span<char> space(std::size_t size) {
    if (capacity_ - end_ < size) make_room(size);
    return {storage_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t size) noexcept { end_ += size; }

 private:
  void make_room(std::size_t size) {
    const auto kept = view();
    if (kept.size() + size <= capacity_) {
      std::memmove(storage_.get(), kept.data(), kept.size());
    } else {
      const auto bigger = std::max(2 * capacity_, kept.size() + size);
      auto fresh = std::make_unique_for_overwrite<char[]>(bigger);
      std::ranges::copy(kept, fresh.get());
      storage_ = std::move(fresh);
      capacity_ = bigger;
    }
    end_ = kept.size();
    begin_ = 0;
  }

  std::unique_ptr<char[]> storage_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace refrain::http
