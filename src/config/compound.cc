#include "config/compound.h"

#include "base/text.h"

namespace refrain::config {

bool admin_address::write(settings& into, std::string_view /*name*/, std::string_view text) {
  const bool off = base::equal_ignoring_case(base::trim(text), "off");
  const auto address = off ? into.admin.listen : parse(text);
  if (!address) return false;
  into.admin.enabled = !off;
  into.admin.listen = *address;
  into.admin.listen_is_default = false;
  return true;
}

std::string admin_address::read(const settings& from, std::string_view /*name*/) {
  return from.admin.enabled ? print(from.admin.listen) : "off";
}

bool admin_address::same(const settings& a, const settings& b) {
  return a.admin.enabled == b.admin.enabled && a.admin.listen == b.admin.listen;
}

void admin_address::keep(settings& into, const settings& running) {
  into.admin.enabled = running.admin.enabled;
  into.admin.listen = running.admin.listen;
  into.admin.listen_is_default = running.admin.listen_is_default;
}

std::string admin_address::form() { return kinds::address::form() + "; or off"; }

bool ttl_everywhere::write(settings& into, std::string_view /*name*/, std::string_view text) {
  const auto value = parse(text);
  if (!value) return false;
  into.cache.llm_ttl_everywhere = *value;
  into.cache.llm_ttl.fill(*value);
  return true;
}

std::string ttl_everywhere::read(const settings& from, std::string_view /*name*/) {
  return from.cache.llm_ttl_everywhere ? print(*from.cache.llm_ttl_everywhere) : "";
}

}  // namespace refrain::config
