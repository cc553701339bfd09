// What a store holds may have been changed by anyone: decoding it never crashes, and what it accepts survives a second
// trip unchanged.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cache/purge.h"
#include "entry/codec.h"
#include "entry/export_line.h"
#include "entry/meta_members.h"
#include "entry/seal.h"

using namespace refrain;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  if (const auto about = entry::decode_meta(input)) {
    const auto again = entry::decode_meta(entry::encode(*about));
    if (!again || *again != *about) std::abort();
  }
  if (entry::meta straight; entry::decode_straight(input, straight)) {
    // A space before it, and it is read as JSON in general.
    const auto thorough = entry::decode_meta(" " + std::string{input});
    if (!thorough || *thorough != straight) std::abort();
  }
  if (const auto record = cache::decode_purge_record(input)) {
    const auto again = cache::decode_purge_record(cache::encode(*record));
    if (!again || *again != *record) std::abort();
  }
  if (const auto line = entry::read_export_line(input)) {
    const auto again = entry::read_export_line(entry::to_export_line(line->content, line->key_id));
    if (!again || again->content.about != line->content.about) std::abort();
  }
  static const entry::sealer sealer{base::secret{"fuzz"}, base::secret{}};
  for (const auto part : {entry::sealed_part::meta, entry::sealed_part::body}) {
    if (sealer.open({.part = part, .owner = "o", .piece = {}}, input)) std::abort();
  }
  return 0;
}
