#pragma once

#include <span>

#include "socle/kernel/kernel_tables.hpp"

namespace socle::kernel {

/// One measured collective.
struct CollectivePoint {
  Bytes buffer{};
  Seconds time{};
};

/// time = start + buffer / rate: what a sweep over sizes says in two figures.
struct CollectiveLine {
  Seconds start{};        ///< of the smallest message (alpha)
  BytesPerSecond rate{};  ///< of buffer, that large buffers approach; times the bus factor: bus bandwidth
  Bytes half{};           ///< buffer that reaches half of that rate: start x rate
  double error = 0;       ///< mean absolute relative error over the points

  Seconds at(Bytes buffer) const { return start + buffer / rate; }
};

/// Least squares of the relative error, start >= 0. Requires: two or more distinct sizes above zero, times above zero.
CollectiveLine fit_line(std::span<const CollectivePoint> points);

/// The points as a curve: median where a size was measured more than once, never falling; `error` by leaving out each
/// inner size. Requires: one or more points, sizes and times above zero.
CollectiveCurve curve_of(Collective collective, int ranks, std::span<const CollectivePoint> points);

}  // namespace socle::kernel
