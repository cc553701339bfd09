#include "admin/handlers.h"

namespace refrain::admin {
namespace {

constexpr std::string_view front_page =
    "This is the admin plane of Refrain, a caching gateway for LLM and speech APIs.\n"
    "\n"
    "Its JSON API begins at /api/health and wants 'Authorization: Bearer TOKEN'. The token is admin.token, or else\n"
    "stands in the file admin-token of Refrain's state folder: $XDG_STATE_HOME/refrain, usually\n"
    "~/.local/state/refrain.\n"
    "\n"
    "On a terminal: refrain stats, refrain entries, refrain purge.\n";

}  // namespace

handled show_front_page(const view& /*of*/, api_call /*what*/) {
  co_return reply{.type = content::text, .body = std::string(front_page)};
}

}  // namespace refrain::admin
