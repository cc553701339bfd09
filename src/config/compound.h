#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/binding.h"
#include "config/kinds.h"

namespace refrain::config {

// Settings whose text is more than one field: kinds that write and read the settings themselves.

inline constexpr std::int64_t day = 86'400;  ///< seconds

/// A time to live.
using ttl = kinds::seconds<1, 3650 * day>;

/// `admin.listen`: an address, or `off`.
struct admin_address : kinds::address {
  static bool write(settings& into, std::string_view name, std::string_view text);
  static std::string read(const settings& from, std::string_view name);
  static bool same(const settings& a, const settings& b);
  static void keep(settings& into, const settings& running);
  static std::string form();
};

/// `cache.llm_ttl`: sets every level; the rows after it set single ones again.
struct ttl_everywhere : ttl {
  static bool write(settings& into, std::string_view name, std::string_view text);
  static std::string read(const settings& from, std::string_view name);
};

/// The binding of such a kind.
template <class Kind>
inline constexpr binding compound_field = binding_of<Kind>(&Kind::write, &Kind::read);
template <>
inline constexpr binding compound_field<admin_address> =
    binding_of<admin_address>(&admin_address::write, &admin_address::read, &admin_address::same, &admin_address::keep);

}  // namespace refrain::config
