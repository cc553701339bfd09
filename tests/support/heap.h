#pragma once

#include <cstdint>

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#else
#include <malloc.h>
#endif

namespace refrain::tests {

/// Bytes that this process has allocated and not freed.
inline std::uint64_t heap_bytes() {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto taken = ::mallinfo2();
  return taken.uordblks + taken.hblkhd;
#endif
}

}  // namespace refrain::tests
