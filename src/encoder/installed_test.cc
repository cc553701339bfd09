#include "encoder/installed.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include "support/temp_folder.h"

namespace refrain::encoder {
namespace {

namespace fs = std::filesystem;

/// A folder for data; the variable that names another is not set.
class installed_encoders : public ::testing::Test {
 protected:
  installed_encoders() {
    if (const char* const set = std::getenv(variable)) before_ = set;
    ::unsetenv(variable);
  }
  ~installed_encoders() override { before_.empty() ? ::unsetenv(variable) : ::setenv(variable, before_.c_str(), 1); }
  /// Files of the right sizes, without a byte written.
  void install(const fs::path& folder) const {
    fs::create_directories(folder);
    for (const auto& file : model_.files) {
      std::ofstream{folder / file.name};
      fs::resize_file(folder / file.name, file.size);
    }
  }

  static constexpr const char* variable = "REFRAIN_ENCODER_FOLDER";
  const known_encoder& model_ = known_encoders().front();
  tests::temp_folder folder_;
  const fs::path data_ = folder_.file("data");
  std::string before_;
};

TEST_F(installed_encoders, are_found_by_name_with_their_rules) {
  install(data_ / "encoders" / model_.name);
  const auto found = find_installed(model_.name, data_);
  ASSERT_TRUE(found.has_value()) << found.error().context;
  EXPECT_EQ(found->folder, (data_ / "encoders" / model_.name).string());
  EXPECT_EQ(found->rules.most_pieces, model_.rules.most_pieces);
  EXPECT_EQ(found->id, model_.id());
}

TEST_F(installed_encoders, are_looked_for_where_the_variable_says) {
  install(folder_.file("own"));
  ::setenv(variable, folder_.file("own").c_str(), 1);
  EXPECT_EQ(find_installed(model_.name, data_)->folder, folder_.file("own"));
  EXPECT_EQ(find_installed(model_.name, {})->folder, folder_.file("own"));
}

TEST_F(installed_encoders, that_lack_are_told_with_the_mend) {
  for (const auto& data : {data_, fs::path{}}) {
    const auto found = find_installed(model_.name, data);
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code, base::errc::not_found);
    EXPECT_TRUE(found.error().context.ends_with("refrain encoder pull minilm")) << found.error().context;
  }
  EXPECT_EQ(find_installed("no-such", data_).error().context,
            "there is no encoder no-such; there are: minilm, bge-small");
}

TEST_F(installed_encoders, of_another_size_are_refused) {
  const auto folder = data_ / "encoders" / model_.name;
  install(folder);
  fs::resize_file(folder / "vocab.txt", 5);
  const auto found = find_installed(model_.name, data_);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, base::errc::bad_config);
  EXPECT_TRUE(found.error().context.ends_with("has 5 bytes, not 231508: refrain encoder pull minilm"));
}

TEST_F(installed_encoders, are_verified_to_the_bit) {
  const known_file file{"a", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"};
  const auto written = [&](const std::string& text) {
    std::ofstream{folder_.file("a")} << text;
    return verify(file, folder_.file("a"));
  };
  EXPECT_TRUE(written("abc").has_value()) << "FIPS 180-4 has the hash";
  EXPECT_TRUE(written("abd").error().context.contains("has the SHA-256"));
  EXPECT_TRUE(written("ab").error().context.contains("has 2 bytes, not 3"));
  EXPECT_TRUE(written("").error().context.contains("has 0 bytes"));
  fs::remove(folder_.file("a"));
  EXPECT_EQ(verify(file, folder_.file("a")).error().code, base::errc::not_found);
}

TEST(manifest, has_models_with_names_ids_and_weights_of_their_own) {
  std::set<std::string_view> names;
  std::set<std::uint64_t> ids;
  for (const auto& one : known_encoders()) {
    EXPECT_TRUE(names.insert(one.name).second);
    EXPECT_TRUE(ids.insert(one.id()).second);
    EXPECT_EQ(find_encoder(one.name), &one);
    EXPECT_EQ(one.files.front().name, "model.safetensors") << "weights come first";
    for (const auto& file : one.files) EXPECT_EQ(file.sha256.size(), 64U);
    EXPECT_FALSE(one.sources.empty());
  }
}

TEST(manifest, has_another_id_where_a_rule_is_another) {
  auto other = known_encoders().front();
  const auto id = other.id();
  other.rules.by = pooling::begin;
  EXPECT_NE(other.id(), id);
  other = known_encoders().front();
  other.rules.prefix = "query: ";
  EXPECT_NE(other.id(), id);
  other = known_encoders().front();
  other.files.front().sha256 = other.files.back().sha256;
  EXPECT_NE(other.id(), id);
}

}  // namespace
}  // namespace refrain::encoder
