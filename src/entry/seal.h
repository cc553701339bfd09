#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace refrain::entry {

/// Which part of an entry a sealed value is. Each has a key of its own.
enum class sealed_part : char { meta = 'm', body = 'b', record = 'r' };

/// What a sealed value belongs to. It is authenticated with the value, so that one moved elsewhere does not open. The
/// digest stands for the entry's whole name: it covers type and place, and a listing knows it before it opens anything.
struct seal_place {
  sealed_part part = sealed_part::meta;
  std::string_view owner;  ///< the 32 bytes of the entry's digest, or the record's table
  std::string_view piece;  ///< of bodies: the fill's id, and the number of the piece where there are several
};

/// Seals what stands in shared or permanent stores with AES-256-GCM, under keys derived from `security.secret` by
/// HMAC-SHA-256. Without a secret it passes bytes through. docs/formats/entry.md describes the sealed form.
/// Immutable: any thread, cheap to copy.
class sealer {
 public:
  /// Passes through.
  sealer();
  /// Seals under `current`; opens what was sealed under either. Both may be empty.
  sealer(const base::secret& current, const base::secret& previous);

  [[nodiscard]] bool seals() const noexcept;
  /// Names the current secret without telling it: 16 hex digits, empty where there is none.
  [[nodiscard]] std::string_view key_id() const noexcept;

  [[nodiscard]] std::string seal(const seal_place& at, std::string_view bytes) const;

  /// Undoes seal. Fails with sealed_by_another_secret where the value needs a secret that is not at hand, or stands
  /// plain although a secret is set; with store_corrupt where it was changed or moved.
  /// Without any secret a body passes as it is: opening its meta has told whether the entry is sealed.
  [[nodiscard]] base::result<std::string> open(const seal_place& at, std::string_view bytes) const;
  [[nodiscard]] base::result<std::string> open(const seal_place& at, std::string&& bytes) const;

  /// A digest of a name that stands in a sealed store; the name itself without a secret.
  [[nodiscard]] std::string veil(std::string_view name) const;

 private:
  struct keys;

  /// Those that open a value; nullptr where it stands plain.
  [[nodiscard]] base::result<const keys*> keys_for(const seal_place& at, std::string_view bytes) const;

  std::shared_ptr<const keys> current_;
  std::shared_ptr<const keys> previous_;
};

}  // namespace refrain::entry
