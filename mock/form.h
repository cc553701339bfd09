#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::mock {

/// A field of a form.
struct form_field {
  std::string name;
  bool is_file = false;
  std::string bytes;
};

/// The fields of a `multipart/form-data` body in their order, as a provider's framework takes them from what clients
/// send. Nothing: it is no such form.
[[nodiscard]] std::optional<std::vector<form_field>> read_form(std::string_view content_type, std::string_view body);

/// The bytes of the first field of that name, or an empty text.
[[nodiscard]] std::string_view form_text(const std::vector<form_field>& form, std::string_view name);

}  // namespace refrain::mock
