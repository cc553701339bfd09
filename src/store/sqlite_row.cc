#include "store/sqlite_row.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <utility>

#include "entry/codec.h"

namespace refrain::store {
namespace {

/// SQLite does not notice a byte that changed inside a blob.
std::int64_t checksum_of(std::string_view meta, std::string_view body) noexcept {
  const XXH64_hash_t seed = XXH3_64bits(meta.data(), meta.size());
  return static_cast<std::int64_t>(XXH3_64bits_withSeed(body.data(), body.size(), seed));
}

}  // namespace

std::optional<entry_row> to_row(const entry::entry& one, const entry::sealer& sealer) {
  const auto& about = one.about;
  const std::string meta = entry::encode(about);
  if (meta.size() > entry::max_meta_bytes) return std::nullopt;
  std::string body = one.whole_body();
  if (body.size() != about.size) return std::nullopt;

  const auto owner = about.id.digest.view();
  entry_row row;
  row.digest = about.id.digest;
  row.stored_at = about.stored_at.time_since_epoch().count();
  row.expires_at = row.stored_at + about.ttl.count();
  row.type = static_cast<std::int64_t>(about.id.type);
  row.size = static_cast<std::int64_t>(about.size);
  row.meta = sealer.seal({.part = entry::sealed_part::meta, .owner = owner, .piece = {}}, meta);
  row.body = sealer.seals() ? sealer.seal({.part = entry::sealed_part::body, .owner = owner, .piece = about.fill}, body)
                            : std::move(body);
  row.checksum = checksum_of(row.meta, row.body);
  return row;
}

base::result<entry::meta> read_meta(const row_view& row, const entry::sealer& sealer) {
  const auto json = sealer.open({.part = entry::sealed_part::meta, .owner = row.digest, .piece = {}}, row.meta);
  if (!json) return base::fail(json.error());
  auto about = entry::decode_meta(*json);
  if (about && about->id.digest.view() != row.digest) {
    return base::fail(base::errc::store_corrupt, "a row holds the meta of another entry");
  }
  return about;
}

base::result<entry::entry_ptr> read_entry(const row_view& row, const entry::sealer& sealer) {
  if (checksum_of(row.meta, row.body) != row.checksum) {
    return base::fail(base::errc::store_corrupt, "a row's checksum does not agree");
  }
  auto about = read_meta(row, sealer);
  if (!about) return base::fail(about.error());
  auto body = sealer.open({.part = entry::sealed_part::body, .owner = row.digest, .piece = about->fill}, row.body);
  if (!body) return base::fail(body.error());
  if (body->size() != about->size)
    return base::fail(base::errc::store_corrupt, "a body is not as long as its meta says");
  auto one = std::make_shared<entry::entry>();
  one->about = std::move(*about);
  one->body.emplace_back(std::move(*body));
  return one;
}

}  // namespace refrain::store
