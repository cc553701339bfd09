#include "mock/form.h"

namespace refrain::mock {
namespace {

constexpr auto npos = std::string_view::npos;

/// What stands behind `before`, up to the next quote.
std::optional<std::string> quoted_after(std::string_view text, std::string_view before) {
  const auto at = text.find(before);
  if (at == npos) return std::nullopt;
  text.remove_prefix(at + before.size());
  return std::string(text.substr(0, text.find('"')));
}

std::optional<std::string> boundary_in(std::string_view content_type) {
  constexpr std::string_view name = "boundary=";
  const auto at = content_type.find(name);
  if (!content_type.starts_with("multipart/form-data") || at == npos) return std::nullopt;
  auto value = content_type.substr(at + name.size());
  if (value.starts_with('"')) value = value.substr(1, value.find('"', 1) - 1);
  return std::string(value);
}

std::optional<form_field> read_part(std::string_view part) {
  const auto head_end = part.find("\r\n\r\n");
  if (head_end == npos) return std::nullopt;
  const auto head = part.substr(0, head_end);
  auto name = quoted_after(head, " name=\"");
  if (!name) return std::nullopt;
  return form_field{.name = *std::move(name),
                    .is_file = head.find("filename") != npos,
                    .bytes = std::string(part.substr(head_end + 4))};
}

}  // namespace

std::optional<std::vector<form_field>> read_form(std::string_view content_type, std::string_view body) {
  const auto boundary = boundary_in(content_type);
  if (!boundary || !body.starts_with("--" + *boundary + "\r\n")) return std::nullopt;
  const auto between = "\r\n--" + *boundary;
  body.remove_prefix(between.size());
  std::vector<form_field> fields;
  while (true) {
    const auto end = body.find(between);
    auto field = end == npos ? std::nullopt : read_part(body.substr(0, end));
    if (!field) return std::nullopt;
    fields.push_back(*std::move(field));
    body.remove_prefix(end + between.size());
    if (body.starts_with("--")) return fields;
  }
}

std::string_view form_text(const std::vector<form_field>& form, std::string_view name) {
  for (const auto& field : form) {
    if (field.name == name) return field.bytes;
  }
  return {};
}

}  // namespace refrain::mock
