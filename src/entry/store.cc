#include "entry/store.h"

#include <utility>

namespace refrain::entry {

void store::put(entry_ptr fresh) {
  if (observers_.empty()) return write(std::move(fresh));
  write(fresh);
  for (auto* const one : observers_) one->on_stored(fresh);
}

}  // namespace refrain::entry
