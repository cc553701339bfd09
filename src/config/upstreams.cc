#include "config/upstreams.h"

#include <array>

namespace refrain::config {
namespace {

constexpr std::array<std::string_view, 9> families{"openai", "azure",    "anthropic", "gemini", "elevenlabs",
                                                   "sarvam", "deepgram", "cartesia",  "ollama"};

// Streams are asked for usage only where the server is known to bear it: some compatible ones refuse `stream_options`.
constexpr std::array rows{
    built_in_upstream{"openai", "https://api.openai.com/v1", "openai", true},
    built_in_upstream{"anthropic", "https://api.anthropic.com", "anthropic"},
    built_in_upstream{"gemini", "https://generativelanguage.googleapis.com", "gemini"},
    built_in_upstream{"elevenlabs", "https://api.elevenlabs.io", "elevenlabs"},
    built_in_upstream{"sarvam", "https://api.sarvam.ai", "sarvam"},
    built_in_upstream{"deepgram", "https://api.deepgram.com", "deepgram"},
    built_in_upstream{"cartesia", "https://api.cartesia.ai", "cartesia"},
    built_in_upstream{"ollama", "http://127.0.0.1:11434", "ollama"},
    built_in_upstream{"groq", "https://api.groq.com/openai/v1", "openai"},
    built_in_upstream{"together", "https://api.together.xyz/v1", "openai"},
    built_in_upstream{"openrouter", "https://openrouter.ai/api/v1", "openai"},
    built_in_upstream{"mistral", "https://api.mistral.ai/v1", "openai"},
    built_in_upstream{"deepseek", "https://api.deepseek.com/v1", "openai"},
};

}  // namespace

std::span<const built_in_upstream> built_in_upstreams() noexcept { return rows; }

std::map<std::string, upstream> initial_upstreams() {
  std::map<std::string, upstream> all;
  for (const auto& row : rows) {
    all.emplace(row.name, upstream{.base_url = std::string(row.base_url),
                                   .dialect = std::string(row.dialect),
                                   .api_key = {},
                                   .ask_usage = row.ask_usage});
  }
  return all;
}

std::span<const std::string_view> dialects() noexcept { return families; }

}  // namespace refrain::config
