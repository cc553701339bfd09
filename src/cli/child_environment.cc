#include "cli/child_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace refrain::cli {
namespace {

/// A variable from which some SDK takes the address of an upstream.
struct base_url_variable {
  std::string_view upstream;
  std::string_view name;
  std::string_view suffix;  ///< what the SDK expects its base URL to end in
};

constexpr std::array url_table{
    base_url_variable{"openai", "OPENAI_BASE_URL", "/v1"},  // OpenAI's SDKs, AI SDK, llm
    base_url_variable{"openai", "OPENAI_API_BASE", "/v1"},  // LiteLLM, LangChain, aider, StreetRace
    // Anthropic's SDKs add /v1/messages themselves. AI SDK does not, yet reads the same variable: one cannot serve
    // both.
    base_url_variable{"anthropic", "ANTHROPIC_BASE_URL", ""},
    base_url_variable{"anthropic", "ANTHROPIC_API_BASE", ""},  // LiteLLM, which adds /v1/messages
    // Google's SDKs add the version. GEMINI_API_BASE means something else to each program that reads it: left alone.
    base_url_variable{"gemini", "GOOGLE_GEMINI_BASE_URL", ""},  // google-genai, Gemini CLI
    base_url_variable{"gemini", "GEMINI_BASE_URL", ""}, base_url_variable{"elevenlabs", "ELEVENLABS_BASE_URL", ""},
    base_url_variable{"elevenlabs", "ELEVENLABS_API_BASE", ""},  // LiteLLM
    base_url_variable{"sarvam", "SARVAM_BASE_URL", ""}, base_url_variable{"deepgram", "DEEPGRAM_BASE_URL", ""},
    base_url_variable{"deepgram", "DEEPGRAM_API_BASE", "/v1"},  // LiteLLM, which adds /listen
    base_url_variable{"deepgram", "DEEPGRAM_HOST", ""},         // Deepgram's SDKs before version 5
    base_url_variable{"cartesia", "CARTESIA_BASE_URL", ""},     // Cartesia's SDKs
    base_url_variable{"ollama", "OLLAMA_HOST", ""},             // ollama's command line and SDKs
    base_url_variable{"ollama", "OLLAMA_API_BASE", ""},         // LiteLLM
    base_url_variable{"groq", "GROQ_API_BASE", "/v1"},          // LiteLLM. Groq's SDK adds /openai/v1 to GROQ_BASE_URL
    base_url_variable{"together", "TOGETHER_BASE_URL", "/v1"},  // Together's SDK
    base_url_variable{"openrouter", "OPENROUTER_BASE_URL", "/v1"},
    base_url_variable{"openrouter", "OPENROUTER_API_BASE", "/v1"},  // LiteLLM
    base_url_variable{"mistral", "MISTRAL_API_BASE", "/v1"},        // LiteLLM
    base_url_variable{"deepseek", "DEEPSEEK_BASE_URL", "/v1"},
    base_url_variable{"deepseek", "DEEPSEEK_API_BASE", "/v1"},  // LiteLLM
};

/// Where an upstream's SDKs look for a key: any one is enough, and the first is set where none is.
struct key_variables {
  std::string_view upstream;
  std::array<std::string_view, 2> names;
};
constexpr std::array key_table{
    key_variables{"anthropic", {"ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"}},
    key_variables{"gemini", {"GEMINI_API_KEY", "GOOGLE_API_KEY"}},
    key_variables{"elevenlabs", {"ELEVENLABS_API_KEY", "ELEVEN_API_KEY"}},
};

const std::string* find_given(const variables& in, std::string_view name) {
  const auto found = in.find(std::string(name));
  return found == in.end() || found->second.empty() ? nullptr : &found->second;
}

/// Whether the address is that of the gateway which always runs: what its clients' variables say.
bool leads_to_refrain(std::string_view address) {
  const auto url = base::parse_url(address);
  return url && base::is_loopback_host(url->host) && url->port == config::settings{}.server.listen.port;
}

/// `MY_LLM` of `my-llm`.
std::string variable_prefix(std::string_view upstream) {
  auto prefix = base::to_upper(upstream);
  std::ranges::replace(prefix, '-', '_');
  return prefix;
}

class addresses {
 public:
  addresses(const config::settings& settings, const base::url& gateway)
      : settings_(settings), origin_(gateway.origin()) {}

  /// The upstream as its SDKs are to call it. The gateway drops a leading /v1 where the base URL ends in it.
  [[nodiscard]] std::string of(std::string_view upstream, std::string_view suffix) const {
    if (upstream == settings_.server.default_upstream && suffix == "/v1") return origin_ + "/v1";
    return fmt::format("{}/{}{}", origin_, upstream, suffix);
  }

  /// In place of a base URL that the user has set: whatever his program adds to it is added below the upstream.
  [[nodiscard]] std::string in_place_of(std::string_view upstream, std::string_view set) const {
    while (set.ends_with('/')) set.remove_suffix(1);
    return of(upstream, set.ends_with("/v1") ? "/v1" : "");
  }

  /// What OpenAI's clients reach where nobody has said where that is: the default upstream, if they can speak to it.
  [[nodiscard]] std::string_view openai() const {
    const auto chosen = settings_.upstreams.find(settings_.server.default_upstream);
    const bool speaks = chosen != settings_.upstreams.end() && chosen->second.dialect == "openai";
    return speaks ? std::string_view(chosen->first) : "openai";
  }

 private:
  const config::settings& settings_;
  std::string origin_;
};

void add_base_urls(variables& into, const config::settings& settings, const addresses& at, const variables& own) {
  for (const auto& row : url_table) {
    if (!settings.upstreams.contains(std::string(row.upstream))) continue;
    if (const auto* const set = find_given(own, row.name); set != nullptr && !leads_to_refrain(*set)) continue;
    const auto upstream = row.upstream == "openai" ? at.openai() : row.upstream;
    into.emplace(row.name, at.of(upstream, row.suffix));
  }
}

/// Variables that the user has set and that the configuration reads, those of upstreams of his own among them.
void replace_base_urls(variables& into, const config::settings& settings, const addresses& at, const variables& own) {
  for (const auto& [name, upstream] : settings.upstreams) {
    for (const std::string_view ending : {"_BASE_URL", "_API_BASE"}) {
      const auto variable = variable_prefix(name) + std::string(ending);
      if (const auto* const set = find_given(own, variable)) into[variable] = at.in_place_of(name, *set);
    }
  }
}

std::optional<std::string> placeholder(const config::settings& settings) {
  const auto& known = settings.server.placeholder_keys;
  // The most like a key, for SDKs that look.
  for (const auto* const wanted : {"sk-test", "none"}) {
    if (std::ranges::find(known, wanted) != known.end()) return wanted;
  }
  if (known.empty()) return std::nullopt;
  return known.front();
}

void add_placeholders(variables& into, const config::settings& settings, const variables& own) {
  const auto key = placeholder(settings);
  if (!key) return;
  for (const auto& [name, upstream] : settings.upstreams) {
    if (upstream.api_key.empty() || upstream.key_withheld) continue;
    const auto usual = variable_prefix(name) + "_API_KEY";
    const auto* const row = std::ranges::find(key_table, name, &key_variables::upstream);
    const auto names = row == key_table.end() ? std::array<std::string_view, 2>{usual, usual} : row->names;
    if (std::ranges::none_of(names, [&](auto each) { return find_given(own, each) != nullptr; })) {
      into.emplace(names.front(), *key);
    }
  }
}

void pass_by_proxy(variables& into, const base::url& gateway, const variables& own) {
  const bool tls = gateway.scheme == "https";
  const std::array<std::string_view, 4> proxies{tls ? "https_proxy" : "http_proxy", tls ? "HTTPS_PROXY" : "HTTP_PROXY",
                                                "all_proxy", "ALL_PROXY"};
  if (std::ranges::none_of(proxies, [&](auto name) { return find_given(own, name) != nullptr; })) return;
  const auto* before = find_given(own, "no_proxy");
  if (before == nullptr) before = find_given(own, "NO_PROXY");
  const auto all = before == nullptr ? gateway.host : fmt::format("{},{}", *before, gateway.host);
  into["no_proxy"] = all;
  into["NO_PROXY"] = all;
}

}  // namespace

variables child_variables(const config::settings& settings, const base::url& gateway, const variables& own) {
  variables added;
  const addresses at(settings, gateway);
  add_base_urls(added, settings, at, own);
  replace_base_urls(added, settings, at, own);
  add_placeholders(added, settings, own);
  pass_by_proxy(added, gateway, own);
  return added;
}

}  // namespace refrain::cli
