#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/load.h"
#include "config/names.h"

namespace refrain::config {

/// What one source says a setting is.
struct candidate {
  std::string text;
  source from = source::built_in;
  int weight = 0;                   ///< within its source the higher wins
  std::string origin;               ///< a person's words: `OPENAI_API_KEY in .env`
  std::string fixed_variable = "";  ///< set where it is one that other programs read too: `OPENAI_BASE_URL`
  bool through_file = false;        ///< the source named a file that holds the text
};

/// Everything that the sources say, and what wins: the later source, and within one the higher weight.
class candidates {
 public:
  /// Adds what a source says. Where it is the form that names a file, reads it; a relative path counts from
  /// `folder`. Fails with bad_config and a context that names the setting, the origin and a right value.
  base::result<void> offer(const setting_ref& at, candidate one, const std::filesystem::path& folder);

  /// What wins for this key; nullptr where no source says anything.
  [[nodiscard]] const candidate* winner(std::string_view key) const;

  /// The names that any source gives to this section (`upstream`, `clients`).
  [[nodiscard]] std::set<std::string> names_of(std::string_view section) const;

  /// Takes out what the predicate finds for rows of this key.
  void withdraw(std::string_view row_key, const std::function<bool(const std::string& name, const candidate&)>& is_out);

  /// Writes every winner, in the order of the table.
  void write_into(settings& values) const;

 private:
  struct contest {
    setting_ref at;
    std::vector<candidate> entrants;  ///< the winner last
  };
  std::map<std::string, contest, std::less<>> contests_;
};

// What is done with them, in this order; `values` are what the winners wrote.

/// Takes out base URLs of variables that clients read too (OPENAI_BASE_URL ...) and that point at the gateway itself: a
/// shared `.env` or shell tells the client there, not us. Adds one warning that names them all. Fails with bad_config
/// where a setting of our own does so, since every request would go round in a circle.
base::result<void> drop_own_address(candidates& all, std::vector<std::string>& warnings);

/// Fills in what follows from other settings (a client's tenant, an upstream's dialect), and checks what one value
/// alone cannot show: every upstream has an address, every client a key of its own, the default upstream exists. Fails
/// with bad_config.
base::result<void> complete(const candidates& all, settings& values);

/// Marks the upstreams whose base URL is from the working directory's `.env` while their key is not: whoever wrote that
/// file could have the key sent anywhere. A warning for each.
void withhold_keys(const candidates& all, settings& values, std::vector<std::string>& warnings);

/// Every setting as it stands, named ones once for each upstream and client that there is.
[[nodiscard]] std::vector<shown_setting> show(const settings& values, const candidates& all);

}  // namespace refrain::config
