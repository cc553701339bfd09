#pragma once

#include <memory>
#include <string>

#include "app/folders.h"
#include "base/result.h"
#include "config/settings.h"
#include "entry/store.h"
#include "gateway/shared/similar_answers.h"

namespace refrain::app {

/// What answers similar questions, or why nothing does.
struct similar_house {
  std::unique_ptr<gateway::similar_answers> answers;  ///< nullptr: nothing does
  std::string why_not;                                ///< for the log and for health; empty where it does
};

/// Opens the encoder that the settings name, where one is installed and any upstream's mode wants it. Fails with
/// bad_config where a mode is set that needs one, and none is installed or it cannot be read: semantic.mode = auto or
/// off goes without.
[[nodiscard]] base::result<similar_house> open_similar(const config::settings& settings, const folders& where);

/// Has all stored questions found: reads the store from end to end, page by page. For the start; in the background.
[[nodiscard]] net::task<> index_stored(gateway::similar_answers* into, entry::store* from);

/// Takes in what all gateways over the store have learned.
[[nodiscard]] net::task<> learn_kept(gateway::similar_answers* into, entry::store* from, std::int64_t today);

}  // namespace refrain::app
