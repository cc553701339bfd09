#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "entry/entry.h"
#include "store/options.h"
#include "support/base/manual_clock.h"

namespace refrain::store {

/// For tests: a folder that goes with its owner.
class scratch_folder {
 public:
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "refrain-store-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// For tests: the entry number `n`, with a body that only it has.
struct sample {
  int n = 0;
  std::string tenant = "anna";
  std::string model = "gpt-4o";
  std::string body = {};  ///< empty: made from the number
  base::sys_seconds stored_at = base::manual_clock().seconds();
  std::chrono::seconds ttl{600};
  std::uint64_t purge_number = 0;

  [[nodiscard]] entry::meta about() const {
    entry::meta about;
    about.id.digest = base::sha256(fmt::format("{} {}", tenant, n));
    about.id.tenant = base::sha256(tenant);
    about.stored_at = stored_at;
    about.ttl = ttl;
    about.purge_number = purge_number;
    about.fill = fmt::format("{:016x}", n);
    about.upstream = "openai";
    about.endpoint = "chat.completions";
    about.model = model;
    about.level = "balanced";
    about.tenant_label = tenant;
    about.tags = {n % 2 == 0 ? "even" : "odd"};
    about.query = fmt::format("What is {} plus one?", n);
    about.content_type = "application/json";
    about.size = text().size();
    return about;
  }
  [[nodiscard]] std::string text() const {
    return body.empty() ? fmt::format(R"({{"answer":"{} and one are {}"}})", n, n + 1) : body;
  }
  [[nodiscard]] entry::entry_ptr make() const {
    return std::make_shared<entry::entry>(entry::entry{.about = about(), .body = {base::slice(text())}});
  }
  [[nodiscard]] entry::entry_id id() const { return about().id; }
};

/// For tests: the whole body of an entry; "(none)" where there is none.
[[nodiscard]] inline std::string body_of(const entry::entry_ptr& one) {
  if (one == nullptr) return "(none)";
  std::string bytes;
  for (const auto& piece : one->body) bytes.append(piece.view());
  return bytes;
}

}  // namespace refrain::store
