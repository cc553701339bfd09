#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/transaction.h"

namespace refrain::gateway {

/// Whether what is stored for this request is a clip: audio as it is, of which players ask for parts.
[[nodiscard]] bool is_clip(const transaction& now) noexcept;

/// Answers with a stored clip: all of it, the part that is asked for (206), that there is no such part (416), or that
/// the client has it already (304): RFC 9110, sections 13 and 14. `fill` names the recording, so that the tag of one
/// recording never stands for another's bytes; the views must live until the task is done.
[[nodiscard]] net::task<> send_clip(transaction& now, http::reply_head head, std::vector<std::string_view> pieces,
                                    std::string_view fill);

}  // namespace refrain::gateway
