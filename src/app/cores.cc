#include "app/cores.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace refrain::app {
namespace {

unsigned allowed_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

unsigned allowed_by_quota() {
  std::ifstream file{"/sys/fs/cgroup/cpu.max"};
  std::string quota;
  unsigned long period = 0;
  if (!(file >> quota >> period) || quota == "max" || period == 0) return std::numeric_limits<unsigned>::max();
  const auto micros = std::strtoul(quota.c_str(), nullptr, 10);
  return static_cast<unsigned>((micros + period - 1) / period);
}

}  // namespace

unsigned usable_cores() { return std::max(1U, std::min(allowed_by_affinity(), allowed_by_quota())); }

}  // namespace refrain::app
