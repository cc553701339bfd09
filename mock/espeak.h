#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "mock/audio.h"

/// Speech by the program espeak-ng, where it is installed.
namespace refrain::mock::espeak {

/// What is to be said, and how.
struct task {
  std::string text;        ///< the first 2,000 bytes are said
  std::string language{};  ///< a language tag such as "hi-IN"; a language without a voice is said in the default one
  double speed = 1;        ///< 2 is twice as fast
  std::chrono::milliseconds timeout{5'000};  ///< then the program is killed
};

/// The path of espeak-ng in PATH, looked for once; empty where it is not installed.
[[nodiscard]] const std::string& installed();

/// What `program` makes of it: text on its standard input, a WAV file of one channel on its standard output. The same
/// task sounds the same. Nothing: it failed, took too long or wrote no such file. Blocks. Any thread.
[[nodiscard]] std::optional<pcm> speak(const std::string& program, const task& what);

}  // namespace refrain::mock::espeak
