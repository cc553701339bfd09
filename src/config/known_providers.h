#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace refrain::config {

/// A variable from which some SDK takes the address of a provider, and what it expects that to end in.
struct url_variable {
  std::string_view name;
  std::string_view suffix = "";
};

/// What all endpoints of a provider share: where credentials stand, how it is asked something that costs nothing.
struct wire_conventions {
  std::string_view credential_header = "";                    ///< where a lent key is put, lower case
  std::string_view credential_scheme = "";                    ///< word before it: `Bearer`, `Token`; empty for none
  std::span<const std::string_view> credential_headers{};     ///< all that clients put credentials in, lower case
  std::span<const std::string_view> credential_parameters{};  ///< of the query, where clients put them there
  /// Below the base URL: lists what there is, free of charge, and tells a bad key by 401 or 403. Empty for none.
  std::string_view free_path = "";
  std::string_view free_header = "";  ///< a line that the API insists on
};

/// A provider that is known beforehand, in one row.
struct known_provider {
  std::string_view name;           ///< of its upstream
  std::string_view base_url = "";  ///< empty: each account has its own, so there is no built-in upstream
  /// The family of wire formats that it speaks, as in `upstream.<name>.dialect`. Where it is the provider's own name,
  /// `wire` says the family's conventions, and the code of the family stands in provider/.
  std::string_view dialect;
  bool ask_usage = false;
  std::array<url_variable, 3> url_variables{};  ///< that its SDKs read; unused ones are empty
  std::string_view other_key_variable = "";     ///< that its SDKs read beside `<NAME>_API_KEY`
  wire_conventions wire{};
};

/// All of them, families first.
[[nodiscard]] std::span<const known_provider> known_providers() noexcept;

/// Those that need no configuration but a key.
[[nodiscard]] std::span<const known_provider> built_in_upstreams();

/// The same as `settings::upstreams` begins with them.
[[nodiscard]] std::map<std::string, upstream> initial_upstreams();

/// The families of wire formats that `upstream.<name>.dialect` may name.
[[nodiscard]] std::span<const std::string_view> dialects();

}  // namespace refrain::config
