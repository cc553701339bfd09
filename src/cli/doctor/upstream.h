#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "cli/doctor/report.h"
#include "gateway/site.h"

namespace refrain::cli {

/// What an upstream said to a request that costs nothing.
struct upstream_response {
  int status = 0;
  std::string date;  ///< its Date field: what it takes the time to be
  std::chrono::milliseconds took{0};
};

/// How it is asked.
struct upstream_probe {
  std::string head;           ///< the whole request
  bool tells_of_key = false;  ///< the response's status tells whether the key is good
};

/// A GET that is free of charge: the list of models with the key where there is one, else the API's root. Pure.
[[nodiscard]] upstream_probe probe_for(const gateway::upstream& to);

/// Asks each of them, all at once; a few seconds at most. What each came to stands under its name. Errors: those of
/// http::client (name look-up, TCP, TLS with the verifier's reason, deadlines).
[[nodiscard]] std::map<std::string, base::result<upstream_response>> ask_upstreams(
    const std::map<std::string, const gateway::upstream*>& upstreams);

/// What the response means for the gateway. `is_default`: clients that name no upstream go there. Pure.
[[nodiscard]] findings judge_upstream(const gateway::upstream& to, const base::result<upstream_response>& response,
                                      bool is_default, base::sys_seconds now);

}  // namespace refrain::cli
