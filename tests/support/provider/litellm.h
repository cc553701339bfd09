#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "support/provider/golden.h"

/// Entries of LiteLLM on file. For tests alone.
namespace refrain::provider::testing {

/// A request, and where LiteLLM keeps its answer.
struct litellm_case {
  std::string name;
  std::string provider;
  std::string name_space;
  std::string asked;
  std::string body;
  std::string key;
};

/// tests/litellm/keys.json: calls of which LiteLLM itself has told the key (make_keys.py).
inline std::vector<litellm_case> litellm_cases() {
  std::vector<litellm_case> cases;
  const auto file = boost::json::parse(read_file(golden_folder() / ".." / "litellm" / "keys.json"));
  for (const auto& one : file.as_array()) {
    const auto text = [&](const char* name) { return std::string{one.at(name).as_string()}; };
    cases.push_back({.name = text("name"),
                     .provider = text("provider"),
                     .name_space = text("namespace"),
                     .asked = text("asked"),
                     .body = text("body"),
                     .key = text("key")});
  }
  return cases;
}

/// What a LiteLLM at work has left in a Redis: `litellm-redis` of the folder that REFRAIN_TEST_DATA names, else of
/// `shared/data` beside the checkout.
struct litellm_sample {
  std::string name;
  std::string body;   ///< of the request
  std::string key;    ///< of its answer
  std::string value;  ///< of that key
};

/// Those of one endpoint, chat completions unless said; none where the folder is not there.
inline std::vector<litellm_sample> litellm_samples(std::string_view endpoint = "/chat/completions") {
  const char* const said = std::getenv("REFRAIN_TEST_DATA");
  const auto folder =
      said != nullptr ? std::filesystem::path{said} : golden_folder() / ".." / ".." / ".." / "shared" / "data";
  std::vector<litellm_sample> samples;
  std::error_code none;
  for (const auto& file : std::filesystem::directory_iterator{folder / "litellm-redis", none}) {
    const auto all = boost::json::parse(read_file(file.path()));
    if (!all.at("request_path").as_string().ends_with(endpoint)) continue;
    // The counters of its limits lie beside it.
    const auto& entry = all.at("keys").as_array().front();
    samples.push_back({.name = std::string{all.at("sample").as_string()},
                       .body = boost::json::serialize(all.at("request_body")),
                       .key = std::string{entry.at("key").as_string()},
                       .value = std::string{entry.at("value").as_string()}});
  }
  return samples;
}

}  // namespace refrain::provider::testing
