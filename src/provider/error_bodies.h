#pragma once

#include <string>

#include "base/error.h"

namespace refrain::provider {

/// Refrain's own errors in the shapes that providers' SDKs read, as JSON that is right whatever the context holds.

/// `{"error":{"message","type","param","code"}}`
[[nodiscard]] std::string openai_error_body(const base::error& why);
/// `{"type":"error","error":{"type","message"}}`
[[nodiscard]] std::string anthropic_error_body(const base::error& why);
/// `{"error":{"code","message","status"}}` with the status' number and its name in google.rpc.Code
[[nodiscard]] std::string gemini_error_body(const base::error& why);
/// `{"detail":{"status","message"}}`
[[nodiscard]] std::string elevenlabs_error_body(const base::error& why);
/// `{"error":{"message","code","request_id"}}`
[[nodiscard]] std::string sarvam_error_body(const base::error& why);
/// `{"err_code","err_msg","request_id"}`
[[nodiscard]] std::string deepgram_error_body(const base::error& why);
/// `{"error_code","title","message","request_id"}`
[[nodiscard]] std::string cartesia_error_body(const base::error& why);
/// `{"error"}`
[[nodiscard]] std::string ollama_error_body(const base::error& why);

}  // namespace refrain::provider
