#pragma once

namespace refrain::app {

/// How many threads can run at once: the processors that this process may use, and no more than the control group's
/// quota pays for (cgroup v2, `cpu.max`), rounded up; at least one.
[[nodiscard]] unsigned usable_cores();

}  // namespace refrain::app
