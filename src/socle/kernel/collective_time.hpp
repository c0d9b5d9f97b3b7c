#pragma once

#include <span>

#include "socle/kernel/chip_kernels.hpp"

namespace socle::kernel {

/// One collective among `ranks` chips of one scale-up domain; `buffer` as `ChipKernels::collective_time` counts it.
struct CollectiveQuery {
  Collective collective = Collective::kAllReduce;
  int ranks = 2;
  Bytes buffer{};
};

/// Time on one measured curve, log-log interpolated. Below the smallest size: its latency. Above the largest: its
/// bandwidth.
Seconds curve_time(const CollectiveCurve& curve, Bytes buffer);

/// The curve beyond its largest size, where the last two sizes go on as a straight line, latency + bytes / bandwidth:
/// what a buffer adds per byte there is the full bandwidth, while the last size itself still carries its start.
/// Unchanged below.
CollectiveCurve extended(CollectiveCurve curve);

/// The curve of a chip whose links have `ratio` times the time per byte of those it was measured on: the latency stays.
CollectiveCurve with_links(CollectiveCurve curve, double ratio);

/// Measured curves take the place of those of the same collective and number of ranks; others are added.
void lay_over(std::vector<CollectiveCurve>& curves, const std::vector<CollectiveCurve>& measured);

/// Between measured group sizes: log2 time against log2 ranks. More ranks than measured keep the bus bandwidth, and
/// latency grows as log2(ranks). No curve at all: the defaults of docs/design/kernel.md on the datasheet link.
/// Requires: curves sorted as `sort_curves` does, ranks >= 1, buffer >= 0. Linear in the curves; does not allocate.
CollectiveEstimate estimate_collective(std::span<const CollectiveCurve> curves, BytesPerSecond link,
                                       const CollectiveQuery& query);

}  // namespace socle::kernel
