#include "store/redis_value.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <array>

#include "entry/codec.h"
#include "store/naming.h"

namespace refrain::store {
namespace {

using base::errc;
using base::fail;

constexpr std::string_view compressed = "zstd";
constexpr std::size_t least_compressed = 4ull << 10;
/// Fast, and nearly as small as the slow levels on JSON.
constexpr int level = 1;

/// Codecs have done the work already.
bool is_compressed_already(std::string_view content_type) {
  static constexpr std::array coded{std::string_view{"audio/mpeg"}, std::string_view{"audio/ogg"},
                                    std::string_view{"audio/opus"}, std::string_view{"audio/aac"},
                                    std::string_view{"audio/flac"}, std::string_view{"image/png"},
                                    std::string_view{"image/jpeg"}, std::string_view{"image/webp"}};
  return std::ranges::any_of(coded, [&](std::string_view one) { return content_type.starts_with(one); });
}

/// Nothing where it does not pay.
std::optional<std::string> compress(std::string_view bytes) {
  std::string small(ZSTD_compressBound(bytes.size()), '\0');
  const auto size = ZSTD_compress(small.data(), small.size(), bytes.data(), bytes.size(), level);
  if (ZSTD_isError(size) != 0 || size > bytes.size() - bytes.size() / 8) return std::nullopt;
  small.resize(size);
  return small;
}

std::optional<std::string> decompress(std::string_view bytes, std::size_t size) {
  std::string whole(size, '\0');
  const auto written = ZSTD_decompress(whole.data(), whole.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(written) != 0 || written != size) return std::nullopt;
  return whole;
}

entry::seal_place place_of(const entry::meta& about, std::string_view piece) {
  return {.part = entry::sealed_part::body, .owner = about.id.digest.view(), .piece = piece};
}

base::result<entry::meta> open_meta(const base::digest256& owner, std::string stored, const entry::sealer& sealer) {
  const auto json = sealer.open({.owner = owner.view(), .piece = {}}, std::move(stored));
  if (!json) return fail(json.error());
  return entry::decode_meta(*json);
}

}  // namespace

std::string redis_piece_name(const entry::meta& about, std::size_t number) {
  return fmt::format("body:{}:{}", about.fill, number);
}

std::optional<redis_fields> to_redis_fields(const entry::entry& one, const entry::sealer& sealer) {
  const auto& about = one.about;
  const auto meta = entry::encode(about);
  auto body = one.whole_body();
  if (meta.size() > entry::max_meta_bytes || body.size() != about.size) return std::nullopt;

  const bool worth_trying = body.size() > least_compressed && !is_compressed_already(about.content_type);
  auto small = worth_trying ? compress(body) : std::nullopt;
  const bool packed = small.has_value();
  if (small) body = *std::move(small);

  redis_fields fields{{"meta", sealer.seal({.owner = about.id.digest.view(), .piece = {}}, meta)}};
  if (packed) fields.emplace_back("encoding", compressed);
  if (body.size() <= redis_piece) {
    fields.emplace_back("body", sealer.seal(place_of(about, about.fill), body));
    return fields;
  }
  const std::size_t count = (body.size() + redis_piece - 1) / redis_piece;
  fields.emplace_back("pieces", std::to_string(count));
  for (std::size_t i = 0; i < count; ++i) {
    auto name = redis_piece_name(about, i);
    auto sealed = sealer.seal(place_of(about, name), std::string_view{body}.substr(i * redis_piece, redis_piece));
    fields.emplace_back(std::move(name), std::move(sealed));
  }
  return fields;
}

std::optional<base::digest256> digest_in_key(std::string_view key) {
  const auto all = digests_in(key);
  if (all.empty() || !entry::cache_type_from(key.substr(0, key.find(':')))) return std::nullopt;
  return all.back();
}

base::result<entry::meta> read_redis_meta(const entry::entry_id& asked, std::string stored,
                                          const entry::sealer& sealer) {
  auto about = open_meta(asked.digest, std::move(stored), sealer);
  if (about && about->id != asked) return fail(errc::store_mismatch, "the meta of another entry came");
  return about;
}

base::result<entry::meta> read_redis_meta(std::string_view key, std::string stored, const entry::sealer& sealer) {
  const auto digest = digest_in_key(key);
  if (!digest) return fail(errc::store_corrupt, "this is not the name of an entry");
  auto about = open_meta(*digest, std::move(stored), sealer);
  if (about && entry::storage_name(about->id) != key) {
    return fail(errc::store_mismatch, "this is the meta of another entry");
  }
  return about;
}

base::result<entry::entry_ptr> read_redis_body(entry::meta about, std::string_view encoding,
                                               std::vector<std::string> pieces, const entry::sealer& sealer) {
  std::string body;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto name = pieces.size() == 1 ? about.fill : redis_piece_name(about, i);
    auto piece = sealer.open(place_of(about, name), std::move(pieces[i]));
    if (!piece) return fail(piece.error());
    if (i == 0) {
      body = *std::move(piece);
    } else {
      body += *piece;
    }
  }
  if (!encoding.empty()) {
    auto whole = encoding == compressed ? decompress(body, about.size) : std::nullopt;
    if (!whole) return fail(errc::store_corrupt, "a body cannot be decompressed");
    body = *std::move(whole);
  }
  if (body.size() != about.size) return fail(errc::store_corrupt, "a body is not as long as its meta says");
  auto one = std::make_shared<entry::entry>();
  one->about = std::move(about);
  one->body.emplace_back(std::move(body));
  return one;
}

}  // namespace refrain::store
