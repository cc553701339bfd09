#include "store/naming.h"

#include "base/text.h"

namespace refrain::store {

std::vector<base::digest256> digests_in(std::string_view name) {
  std::vector<base::digest256> found;
  for (const auto part : base::split(name, ':')) {
    if (const auto digest = base::digest256::from_hex(part)) found.push_back(*digest);
  }
  return found;
}

bool is_named(std::string_view name, const entry::entry_id& id) {
  return name == id.digest.hex() || name == entry::storage_name(id);
}

}  // namespace refrain::store
