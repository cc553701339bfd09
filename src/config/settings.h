#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/url.h"
#include "config/level.h"
#include "config/semantic_mode.h"

namespace refrain::config {

/// Where a provider is and how to speak to it.
struct upstream {
  std::string base_url;                            ///< with the path below which its API stands
  std::string dialect;                             ///< family of the provider table: `openai`, `anthropic`, ...
  base::secret api_key;                            ///< lent to clients that send none
  bool ask_usage = false;                          ///< ask streams to report usage
  std::chrono::seconds stale_while_revalidate{0};  ///< of requests that do not ask for it themselves (RFC 5861)
  std::chrono::seconds stale_if_error{0};
  std::vector<std::string> ignore_members;   ///< of request bodies, beside cache.ignore_members
  std::optional<semantic_mode> semantic;     ///< nothing: semantic.mode
  std::optional<double> semantic_threshold;  ///< nothing: semantic.threshold
  /// The base URL came from a `.env` in the working directory while the key did not: the key is not lent to it.
  bool key_withheld = false;
};

/// A named client, its key and its tenant.
struct client_settings {
  base::secret key;
  std::string tenant;
  std::vector<std::string> namespaces;  ///< shared by all clients that list them
};

/// Every setting in its type, with its built-in default. settings.cc declares each once: name, text, unit, bounds.
struct settings {
  struct server_section {
    base::endpoint listen{.host = "127.0.0.1", .port = 7337};
    unsigned threads = 0;  ///< 0: one per core that the cgroup allows
    std::vector<std::string> hosts;
    std::vector<std::string> origins;
    std::string default_upstream = "openai";
    std::vector<std::string> placeholder_keys{"DUMMY_KEY", "sk-test", "dummy", "none", "EMPTY", "-"};
    std::chrono::seconds drain{20};
    unsigned max_connections = 10'000;
    base::byte_count bodies_max_bytes{256ull << 20};
    std::string tls_certificate;  ///< path; empty: plain HTTP
    std::string tls_key;          ///< path; given where the certificate is
  } server;

  struct admin_section {
    bool enabled = true;            ///< `admin.listen = off`
    bool listen_is_default = true;  ///< a busy default port moves to a free one
    base::endpoint listen{.host = "127.0.0.1", .port = 7338};
    base::secret token;  ///< empty: made at first start, kept in the state folder
  } admin;

  struct cache_section {
    bool enabled = true;
    optimization_level level = optimization_level::balanced;
    ttl_table llm_ttl = default_llm_ttl;
    std::optional<std::chrono::seconds> llm_ttl_everywhere;  ///< what set `llm_ttl` at levels without their own
    ttl_table tts_ttl = default_tts_ttl;
    std::chrono::seconds ttl_ceiling{std::chrono::days{30}};
    std::chrono::seconds keep_stale{300};
    std::vector<std::string> key_headers;
    bool key_user = false;
    std::vector<std::string> ignore_members;  ///< of request bodies: not keyed
    bool honour_fetch_no_cache = false;
    base::byte_count max_entry{16ull << 20};
    std::vector<std::string> finish_reasons;  ///< that make an answer a good one, beside those that dialects know
    bool keep_cut = true;                     ///< answers that were cut at their length
    std::vector<std::string> except_models;   ///< names; one may end in `*`
    std::vector<std::string> except_endpoints;
    std::optional<double> max_temperature;  ///< of requests that are cached; nothing: any
    bool wav_sizes = false;                 ///< a hit's WAV says its true sizes
    unsigned replay_pace = 0;               ///< events a second of a stream made of a plain answer; 0: at once
  } cache;

  /// Answers to similar questions.
  struct semantic_section {
    std::optional<semantic_mode> mode;         ///< nothing: verified where an encoder is installed, else off
    std::string encoder = "minilm";            ///< its name, as `refrain encoder list` has it
    double threshold = 0.9;                    ///< least similarity where the mode is `threshold`
    double max_wrong_hits = 0.02;              ///< wrong answers among the semantic hits served, at most
    double confidence = 0.95;                  ///< that this holds
    double explore_rate = 0.05;                ///< of what would be served, asked upstream all the same to learn
    base::byte_count max_bytes{512ull << 20};  ///< of the index
    unsigned threads = 0;                      ///< that encode; 0: half of the cores
  } semantic;

  struct store_section {
    std::string url;  ///< empty: `sqlite:` in the user's data folder. May hold a password: show it masked
    std::string prefix;
    bool require = false;
    std::string fallback;
    base::byte_count max_bytes{4ull << 30};
    bool litellm = false;                     ///< a miss looks under LiteLLM's key too
    std::string litellm_namespace;            ///< what stands before a colon and its keys; empty for none
    std::string litellm_provider = "openai";  ///< `openai` of `openai/gpt-4o-mini` in its keys; empty for none
  } store;

  /// How a Redis is spoken to; where it is stands in `store.url`, whose own query wins over what is said of TLS here.
  struct redis_section {
    std::optional<std::chrono::milliseconds> deadline;  ///< nothing: auto, by the round trip
    unsigned connections = 4;                           ///< to a node, at most
    std::string tls_ca;                                 ///< path; empty: the system's alone
    std::string tls_certificate;                        ///< path; empty: none is shown
    std::string tls_key;                                ///< path; empty: the certificate's file holds it
    bool tls_verify = true;
    bool tls_check_host = true;
    base::endpoint_map node_map;  ///< of what nodes announce
  } redis;

  struct memory_section {
    base::byte_count max_bytes{256ull << 20};
  } memory;

  struct fill_section {
    base::byte_count max_bytes{128ull << 20};
  } fill;

  struct security_section {
    base::secret secret;
    base::secret secret_previous;
    std::vector<std::string> credential_headers;
  } security;

  struct limits_section {
    base::byte_count request_body{32ull << 20};  ///< of cached endpoints
    std::chrono::seconds first_byte{600};
    std::chrono::seconds idle{300};
    std::chrono::seconds connect{5};
  } limits;

  struct log_section {
    base::severity level = base::severity::info;
    base::log_format format = base::log_format::text;
    bool queries = false;
    bool access = false;
  } log;

  std::string https_proxy;  ///< may hold a password
  std::vector<std::string> no_proxy;

  std::map<std::string, upstream> upstreams;  ///< the built-in ones, and those that the configuration names
  std::map<std::string, client_settings> clients;
  bool clients_required = true;  ///< once there are any

  /// Whether only known clients are served, whatever machine they are on.
  [[nodiscard]] bool asks_for_clients() const noexcept { return clients_required && !clients.empty(); }
};

}  // namespace refrain::config
