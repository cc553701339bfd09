#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/known_providers.h"
#include "entry/entry.h"
#include "provider/rules/dialect.h"

namespace refrain::provider {

/// A provider's conventions that all its endpoints share: a row of config/known_providers.cc, and how errors look.
struct family : config::wire_conventions {
  std::string_view name;  ///< `upstream.<name>.dialect`: openai, anthropic, ...
  /// One of the provider's errors as JSON, in which these words stand for strings: `$message`, `$type` and `$label`
  /// (`api_error`, `upstream_timeout`), `$google` (the status' name in google.rpc.Code); and `$status` for the status'
  /// number.
  std::string_view error_shape;

  /// One of Refrain's own errors in that shape, which the provider's SDKs read.
  [[nodiscard]] std::string error_body(const base::error& why) const;
};

/// The family by its name; nullptr where there is none.
[[nodiscard]] const family* find_family(std::string_view name);
[[nodiscard]] std::span<const family> families();

/// One cached endpoint.
struct endpoint_row {
  std::string_view family;
  std::string_view name;  ///< `chat.completions`; paths of one name share entries, where their dialect keys no path
  std::string_view path;  ///< below the base URL; `{}` stands for one segment, or for what is left of one
  entry::cache_type type;
  const dialect& wire;
};

/// All cached endpoints: the table that routes, contract tests, fuzz targets and docs follow.
[[nodiscard]] std::span<const endpoint_row> endpoints() noexcept;

/// The row that a POST to `path` meets; nullptr: it passes through. The path is what stands below the upstream's base
/// URL, begins with a slash and has no query; a leading version (`/v1`, `/v1beta`, `/v1alpha`) may be there or not, as
/// base URLs end in it or do not.
[[nodiscard]] const endpoint_row* find_endpoint(std::string_view family, std::string_view path) noexcept;

}  // namespace refrain::provider
