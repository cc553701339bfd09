#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "cli/main.h"

namespace refrain::cli {

/// What a command line came to.
struct outcome {
  int code = 0;
  std::string out;
  std::string err;
};

/// Runs a line as a shell would: the words after the program's name.
inline outcome run_line(std::vector<std::string> words) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = run_command_line(std::move(words));
  std::fflush(stdout);
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

}  // namespace refrain::cli
