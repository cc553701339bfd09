// Forms of bytes that mean nothing: what is read lies within the body in its order, and written anew it reads the same.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "provider/rules/multipart.h"

using refrain::provider::multipart_part;
using refrain::provider::read_multipart;

namespace {

constexpr std::string_view type = "multipart/form-data; boundary=edge";

std::string write(const std::vector<multipart_part>& parts) {
  std::string body;
  for (const auto& [name, is_file, part_type, bytes] : parts) {
    body.append("--edge\r\nContent-Disposition: form-data; name=\"").append(name).append("\"");
    if (is_file) body.append("; filename=\"\"");
    if (!part_type.empty()) body.append("\r\nContent-Type: ").append(part_type);
    body.append("\r\n\r\n").append(bytes).append("\r\n");
  }
  return body + "--edge--\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body{reinterpret_cast<const char*>(bytes), size};
  // As a type too: its first line, the body after it.
  const auto line = body.find('\n');
  if (line != std::string_view::npos) (void)read_multipart(body.substr(0, line), body.substr(line + 1));

  const auto parts = read_multipart(type, body);
  if (!parts) return 0;
  const char* done = body.data();
  for (const auto& part : *parts) {
    if (part.name.empty() || part.name.data() < done || part.bytes.data() < part.name.data()) std::abort();
    done = part.bytes.data() + part.bytes.size();
    if (done > body.data() + body.size()) std::abort();
  }
  const auto again = write(*parts);
  if (read_multipart(type, again) != parts) std::abort();
  return 0;
}
