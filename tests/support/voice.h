#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "support/gateway.h"

namespace refrain::tests {

/// A gateway in front of the fake provider, which speaks as ElevenLabs, Sarvam, Deepgram and Cartesia under their own
/// names.
class voice : public testing::Test {
 protected:
  static gateway::options speaking() {
    gateway::options how;
    how.configure = [](config::settings& to) {
      const auto& base = to.upstreams.at("openai").base_url;
      for (const auto* const name : {"elevenlabs", "sarvam", "deepgram", "cartesia"}) {
        to.upstreams[name] = {.base_url = base.substr(0, base.rfind("/v1")),
                              .dialect = name,
                              .api_key = base::secret{"lent-to-" + std::string(name)}};
      }
    };
    return how;
  }

  /// The visible name of the only entry there is.
  std::string only_name() {
    const auto all = at_work.entries();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? std::string{} : storage_name(all[0].id);
  }

  gateway at_work{speaking()};
  http_client client = at_work.client();
};

}  // namespace refrain::tests
