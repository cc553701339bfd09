#include "mock/espeak.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "mock/audio.h"

namespace refrain::mock::espeak {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// Scripts that stand for espeak-ng, in a folder of their own.
class speaker : public testing::Test {
 protected:
  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "refrain-espeak-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::ofstream(folder_ / "good.wav") << wav_head({.sample_rate = 22'050}, 4, "x") << "\x01\x02\x03\x04";
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// The path of a program that does `script`, "$d" being the folder.
  std::string program(const std::string& script) {
    const auto path = folder_ / "speak";
    std::ofstream(path) << "#!/bin/sh\nd=" << folder_.string() << "\n" << script << "\n";
    fs::permissions(path, fs::perms::owner_all);
    return path.string();
  }

  std::string content(const char* name) {
    std::stringstream all;
    all << std::ifstream(folder_ / name).rdbuf();
    return all.str();
  }

  fs::path folder_;
};

TEST_F(speaker, is_given_text_language_and_pace) {
  const auto sound = speak(program("echo \"$@\" >$d/arguments; cat >$d/text; cat $d/good.wav"),
                           {.text = "Good day", .language = "hi-IN", .speed = 2});
  ASSERT_TRUE(sound);
  EXPECT_EQ(sound->sample_rate, 22'050U);
  EXPECT_EQ(sound->samples.size(), 2U);
  EXPECT_EQ(content("arguments"), "--stdin --stdout -s 350 -v hi\n");
  EXPECT_EQ(content("text"), "Good day\n");
}

TEST_F(speaker, uses_its_own_voice_where_it_has_none_for_the_language) {
  const auto path = program("cat >/dev/null; case \"$*\" in *-v*) exit 1;; esac; cat $d/good.wav");
  EXPECT_TRUE(speak(path, {.text = "x", .language = "xx"}));
}

TEST_F(speaker, is_asked_for_no_voice_that_is_no_language) {
  for (const auto* tag : {"", "--help", "EN", "english", "/x", "a"}) {
    const auto path =
        program("cat >/dev/null; case \"$*\" in *-v*) exit 1;; esac; echo \"$@\" >>$d/calls; cat $d/good.wav");
    EXPECT_TRUE(speak(path, {.text = "x", .language = tag}));
  }
  EXPECT_EQ(content("calls").find("-v"), std::string::npos);
}

TEST_F(speaker, hears_a_bounded_text_with_no_character_cut) {
  std::string text(1'999, 'a');
  ASSERT_TRUE(speak(program("cat >$d/text; cat $d/good.wav"), {.text = text + "\u00e9 and more"}));
  EXPECT_EQ(content("text"), text + "\n");
}

TEST_F(speaker, is_killed_when_it_takes_too_long) {
  EXPECT_FALSE(speak(program("exec sleep 600"), {.text = "x", .timeout = 50ms}));
}

TEST_F(speaker, may_end_without_reading) { EXPECT_TRUE(speak(program("cat $d/good.wav"), {.text = "x"})); }

TEST_F(speaker, that_fails_says_nothing) {
  for (const auto* script : {"exit 1", "cat $d/good.wav; exit 1", "echo hello", "true", "kill -9 $$"}) {
    EXPECT_FALSE(speak(program(script), {.text = "x"})) << script;
  }
  EXPECT_FALSE(speak((folder_ / "none").string(), {.text = "x"}));
}

TEST(installed_speaker, says_the_same_twice) {
  if (installed().empty()) GTEST_SKIP() << "espeak-ng is not installed";
  const auto first = speak(installed(), {.text = "The same words.", .language = "en"});
  const auto second = speak(installed(), {.text = "The same words.", .language = "en"});
  ASSERT_TRUE(first && second);
  EXPECT_GT(first->samples.size(), first->sample_rate / 4U);
  EXPECT_EQ(first->samples, second->samples);
}

}  // namespace
}  // namespace refrain::mock::espeak
