#pragma once

#include "admin/routes.h"

namespace refrain::admin {

// One file a resource: api_<resource>.cc. docs/reference/admin-api.md says what they take and give.

handled show_front_page(const view& of, api_call what);
handled show_health(const view& of, api_call what);
handled show_stats(const view& of, api_call what);
handled list_entries(const view& of, api_call what);
handled show_entry(const view& of, api_call what);
handled delete_entry(const view& of, api_call what);
handled purge_entries(const view& of, api_call what);
handled export_entry(const view& of, api_call what);
handled import_entries(const view& of, api_call what);
handled show_config(const view& of, api_call what);

}  // namespace refrain::admin
