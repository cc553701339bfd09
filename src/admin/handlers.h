#pragma once

#include "admin/routes.h"

namespace refrain::admin {

// One file a resource: api_<resource>.cc. docs/reference/admin-api.md says what they take and give.

net::task<base::result<std::string>> show_health(const view& of, api_call what);
net::task<base::result<std::string>> show_stats(const view& of, api_call what);
net::task<base::result<std::string>> list_entries(const view& of, api_call what);
net::task<base::result<std::string>> show_entry(const view& of, api_call what);
net::task<base::result<std::string>> delete_entry(const view& of, api_call what);
net::task<base::result<std::string>> purge_entries(const view& of, api_call what);
net::task<base::result<std::string>> export_entry(const view& of, api_call what);
net::task<base::result<std::string>> import_entries(const view& of, api_call what);
net::task<base::result<std::string>> show_config(const view& of, api_call what);

}  // namespace refrain::admin
