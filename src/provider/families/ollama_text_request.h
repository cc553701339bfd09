#pragma once

#include <span>
#include <string_view>

#include "entry/parsed_request.h"
#include "provider/rules/keyed_members.h"

namespace refrain::provider {

/// Members that every endpoint of Ollama's leaves out of the key.
[[nodiscard]] std::span<const unkeyed_member> ollama_denylist() noexcept;

/// Reads a chat. One without messages is no question: it has the model loaded, or unloaded, and is not cached.
[[nodiscard]] entry::parsed_request read_ollama_chat_request(std::string_view body);

/// The same of a prompt.
[[nodiscard]] entry::parsed_request read_ollama_generate_request(std::string_view body);

}  // namespace refrain::provider
