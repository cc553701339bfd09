#include "server/certificate.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/log.h"
#include "support/net/tls.h"

namespace refrain::server {
namespace {

namespace fs = std::filesystem;

class certificates : public testing::Test {
 protected:
  certificates() {
    base::set_log(base::severity::error, base::log_format::text);
    auto pattern = (fs::temp_directory_path() / "refrain-certificate-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    issue();
    shown_ = certificate::open(files()).value();
  }
  ~certificates() override { fs::remove_all(folder_); }

  [[nodiscard]] certificate::files files() const { return {.chain = folder_ / "tls.crt", .key = folder_ / "tls.key"}; }
  void issue() const { authority_.issue("DNS:localhost", files().chain, files().key); }
  void spoil() const { std::ofstream{files().key} << "half a"; }

  const net::test_authority authority_;
  fs::path folder_;
  std::unique_ptr<certificate> shown_;
};

TEST_F(certificates, that_are_no_good_are_refused_by_the_settings_names) {
  spoil();
  const auto opened = certificate::open(files());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::errc::bad_config);
  EXPECT_TRUE(opened.error().context.ends_with("(server.tls_certificate, server.tls_key)")) << opened.error().context;
}

TEST_F(certificates, stay_while_their_files_do) {
  const auto first = shown_->current();
  for (int look = 0; look < 3; ++look) shown_->look();
  EXPECT_EQ(shown_->current(), first);
}

TEST_F(certificates, are_read_again_once_their_files_are_at_rest) {
  const auto first = shown_->current();
  issue();
  shown_->look();
  EXPECT_EQ(shown_->current(), first) << "they may still be being written";
  shown_->look();
  EXPECT_NE(shown_->current(), first);
}

TEST_F(certificates, are_read_again_where_their_files_are_replaced) {
  const auto first = shown_->current();
  authority_.issue("DNS:localhost", folder_ / "new.crt", folder_ / "new.key");
  fs::rename(folder_ / "new.crt", files().chain);
  fs::rename(folder_ / "new.key", files().key);
  for (int look = 0; look < 2; ++look) shown_->look();
  EXPECT_NE(shown_->current(), first);
}

TEST_F(certificates, stay_where_the_new_ones_are_no_good_which_is_said_once) {
  const auto first = shown_->current();
  for (const bool gone : {false, true}) {
    if (gone) {
      fs::remove(files().key);
    } else {
      spoil();
    }
    testing::internal::CaptureStderr();
    for (int look = 0; look < 5; ++look) shown_->look();
    const auto said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(shown_->current(), first);
    const auto at = said.find("the certificate stays as it was");
    EXPECT_NE(at, std::string::npos) << said;
    EXPECT_EQ(said.find("the certificate stays as it was", at + 1), std::string::npos) << said;
  }
  issue();
  for (int look = 0; look < 2; ++look) shown_->look();
  EXPECT_NE(shown_->current(), first);
}

TEST_F(certificates, are_read_at_once_where_that_is_asked_for) {
  const auto first = shown_->current();
  EXPECT_TRUE(shown_->use(files()));
  EXPECT_NE(shown_->current(), first);
  const auto second = shown_->current();
  EXPECT_FALSE(shown_->use({.chain = "/nowhere", .key = files().key}));
  EXPECT_EQ(shown_->current(), second);
  for (int look = 0; look < 2; ++look) shown_->look();
  EXPECT_EQ(shown_->current(), second) << "the files are still the old ones";
}

TEST_F(certificates, are_shown_by_threads_while_one_reads_them) {
  std::jthread shows{[&](const std::stop_token& over) {
    while (!over.stop_requested()) EXPECT_NE(shown_->current(), nullptr);
  }};
  for (int round = 0; round < 10; ++round) {
    issue();
    for (int look = 0; look < 2; ++look) shown_->look();
  }
}

}  // namespace
}  // namespace refrain::server
