#pragma once

#include <string_view>

#include "gateway/assemble/reply.h"

namespace refrain::gateway {

/// Whether what is stored for this request is audio as it is, of which players ask for parts.
[[nodiscard]] bool is_audio(const ask& request) noexcept;

/// Turns the reply with a whole stored body into what the request's conditions ask for: the part (206), that there is
/// no such part (416), or that the client has it already (304): RFC 9110, sections 13 and 14. `fill` names the
/// recording, so that the tag of one recording never stands for another's bytes.
void choose_part(reply& made, const http::request_head& asked, std::string_view fill);

}  // namespace refrain::gateway
