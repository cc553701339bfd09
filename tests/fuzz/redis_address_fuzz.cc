// The URL of a Redis comes from people and panels, with a password in it. No text may crash its reading; what is shown
// of it never holds the password; and what hides nothing is read as an equal address.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "redis/address.h"

using namespace refrain::redis;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

/// The same address with secrets that stand nowhere else: what is shown of it may not hold them, and may not differ.
void check_secrets(const address& read) {
  static constexpr std::string_view marker = "\x01secret\x02";
  auto marked = read;
  if (!read.data_login.password.empty()) marked.data_login.password = refrain::base::secret(std::string(marker));
  if (!read.sentinel_login.password.empty())
    marked.sentinel_login.password = refrain::base::secret(std::string(marker));
  must(!marked.masked().contains(marker) && marked.masked() == read.masked());
  must(!marked.location().contains(marker) && marked.location() == read.location());
  must(marked.parts() == read.parts());
}

bool hides_nothing(const address& read) { return read.data_login.empty() && read.sentinel_login.password.empty(); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto read = parse_address(text);
  if (!read) {
    must(!read.error().context.empty());
    return 0;
  }
  must(read->hosts.empty() != read->socket_path.empty());
  must((read->kind == topology::sentinel) != read->service.empty());
  must(read->kind != topology::cluster || read->data_login.database == 0);
  check_secrets(*read);

  const auto again = parse_address(read->masked());
  must(again.has_value() && again->masked() == read->masked());
  if (hides_nothing(*read)) must(*again == *read);
  must(parse_address(read->location()).has_value());
  return 0;
}
