#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "config/semantic_mode.h"
#include "semantic/learner.h"
#include "semantic/reading.h"

namespace refrain::semantic {

/// A question that another's answer may serve: all that the gateway knows of it.
struct question {
  std::string text;                      ///< the last that a person wrote
  std::shared_ptr<const reading> words;  ///< of `text`
  base::digest256 partition;             ///< covers all else: see entry::semantic_record
  base::digest256 contributor;           ///< the credential that asks
  request_class whose;
  config::semantic_mode mode = config::semantic_mode::off;
  double least_similarity = 0;  ///< below it nothing is served, in any mode
};

/// What became of a question, and why.
enum class reason : std::uint8_t {
  served,
  observed,      ///< it would be served; the mode says that it is only to be learned from
  explored,      ///< it would be served; the upstream is asked to learn whether that would be right
  no_question,   ///< not one text that asks for words: tools, images, a schema...
  too_short,     ///< fewer words than say what it is about: what came before may decide
  too_long,      ///< more than the encoder reads
  unseen,        ///< control or zero-width characters
  language,      ///< not one that the encoder knows
  no_candidate,  ///< nothing alike is stored
  guarded,       ///< a guard speaks against the nearest (`comparison::why`)
  unlike,        ///< the nearest is less similar than the operator or the request asks for
  below,         ///< less sure than what was proved right often enough
  no_evidence,   ///< nothing was proved yet for such requests
  alarm,         ///< such requests were served more wrong answers than they should: learning anew
  quarantined,   ///< the stored answer was wrong before
  untrusted,     ///< another client's, and not yet found right by two
  busy,          ///< too many questions wait for the encoder
  failed,        ///< the encoder did; the log says more
};

/// `served`, `too_short`, `no_candidate`, ...: for headers, metrics, reports.
[[nodiscard]] std::string_view to_string(reason why) noexcept;

/// Why a text is not to be matched at all; `served` where it is. `only_latin`: the encoder reads English. Pure.
[[nodiscard]] reason judge_text(const reading& text, bool only_latin) noexcept;

}  // namespace refrain::semantic
