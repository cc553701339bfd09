#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "net/tls.h"

namespace refrain::server {

/// The certificate that the data plane shows. Its files are read again when they change, and connections to come get
/// what they hold then. Any thread.
class certificate {
 public:
  struct files {
    std::string chain;  ///< server.tls_certificate
    std::string key;    ///< server.tls_key
  };

  /// Reads the files. Fails with bad_config, naming the settings, the file and the remedy.
  [[nodiscard]] static base::result<std::unique_ptr<certificate>> open(const files& from);

  /// What a new connection shows.
  [[nodiscard]] std::shared_ptr<net::tls_context> current() const;

  /// Reads the files again where they have changed since, and where the last look found them as this one does: the two
  /// are seldom written at one stroke. Files that are no good are logged once, and what was shown is shown on.
  void look();

  /// Reads these files now, and from here on. Fails as open(), and changes nothing then.
  [[nodiscard]] base::result<void> use(const files& from);

 private:
  explicit certificate(files from) : files_(std::move(from)) {}
  void show(std::shared_ptr<net::tls_context> fresh);

  std::mutex reading_;
  files files_;       ///< guarded by reading_
  std::string read_;  ///< how the files stood when they were read last; guarded by reading_
  std::string seen_;  ///< and at the last look; guarded by reading_
  mutable std::mutex mutex_;
  std::shared_ptr<net::tls_context> current_;  ///< guarded by mutex_
};

}  // namespace refrain::server
