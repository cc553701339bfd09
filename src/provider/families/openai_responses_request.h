#pragma once

#include <string_view>

#include "entry/parsed_request.h"

namespace refrain::provider {

/// What an OpenAI responses request is (`POST /responses`).
///
/// Everything in the body is keyed but `stream`, `stream_options` and LiteLLM's `cache`: the answer echoes `user`,
/// `metadata`, `store`, `service_tier` and their like, so leaving them out would show one user another's tags, and a
/// response made with `store: false` cannot be followed up. For the same reason `store: true`, the default here, is
/// cached.
///
/// Not cached are: `background` (the answer is fetched later), `conversation` (the call adds to it), a `prompt`
/// template without its version (it changes with each that is published), tools that act elsewhere (`mcp`) or in a
/// container whose ids expire (`code_interpreter`, a hosted `shell`).
///
/// What refers to something that its account keeps unchanged (`previous_response_id`, an item's or a file's id) is
/// cached, and marked `exact_only`.
[[nodiscard]] entry::parsed_request read_openai_responses_request(std::string_view body);

}  // namespace refrain::provider
