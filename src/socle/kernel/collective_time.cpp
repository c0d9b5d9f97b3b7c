#include <algorithm>
#include <array>
#include <cmath>

#include "socle/base/check.hpp"
#include "socle/kernel/chip_kernels.hpp"

namespace socle::kernel {
namespace {

/// Share of the datasheet link that a large buffer reaches as bus bandwidth, and latency per doubling of ranks:
/// rounded by hand from the measured chips (docs/design/kernel.md), in the order of `Collective`.
struct CollectiveDefault {
  double link_fraction;
  Seconds latency_per_doubling;
};
constexpr std::array<CollectiveDefault, kCollectives> kDefaults = {{
    {0.75, Seconds{7e-6}}, {0.69, Seconds{5e-6}}, {0.69, Seconds{5e-6}}, {0.66, Seconds{4e-6}}}};
constexpr double kDefaultError = 0.25;
/// Added error for each doubling of ranks beyond the measured ones (assumption).
constexpr double kErrorPerDoubling = 0.05;

/// Time on one curve, log-log interpolated. Below the smallest size: its latency. Above the largest: its bandwidth.
Seconds curve_time(const CollectiveCurve& curve, double log2_bytes) {
  const auto& x = curve.log2_bytes;
  const auto& y = curve.log2_seconds;
  if (log2_bytes <= x.front()) return Seconds{std::exp2(y.front())};
  if (log2_bytes >= x.back()) return Seconds{std::exp2(y.back() + log2_bytes - x.back())};
  const auto above = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), log2_bytes) - x.begin());
  const double weight = (log2_bytes - x[above - 1]) / (x[above] - x[above - 1]);
  return Seconds{std::exp2(y[above - 1] + weight * (y[above] - y[above - 1]))};
}

CollectiveEstimate finish(Seconds time, Collective collective, int ranks, Bytes buffer, Basis basis, double error) {
  return {time, bus_factor(collective, ranks) * buffer / time, basis, error};
}

}  // namespace

double bus_factor(Collective collective, int ranks) {
  const double share = (ranks - 1.0) / ranks;
  return collective == Collective::kAllReduce ? 2.0 * share : share;
}

CollectiveEstimate ChipKernels::collective_time(Collective collective, int ranks, Bytes buffer) const {
  SOCLE_CHECK(ranks >= 1 && buffer >= Bytes{0}, "a collective has ranks and a buffer");
  if (ranks == 1 || buffer == Bytes{0}) return {Seconds{0}, BytesPerSecond{0}, Basis::kMeasured, 0.0};
  const double doublings = std::log2(static_cast<double>(ranks));
  const CollectiveCurve* below = nullptr;
  const CollectiveCurve* above = nullptr;
  if (tables_) {
    for (const CollectiveCurve& curve : tables_->collectives) {  // sorted by ranks within each collective
      if (curve.collective != collective) continue;
      if (curve.ranks <= ranks) below = &curve;
      if (curve.ranks >= ranks && above == nullptr) above = &curve;
    }
  }
  if (below == nullptr && above == nullptr) {
    const CollectiveDefault& d = kDefaults[static_cast<std::size_t>(collective)];
    const Seconds transfer = bus_factor(collective, ranks) * buffer / (d.link_fraction * scale_up_bandwidth_);
    return finish(doublings * d.latency_per_doubling + transfer, collective, ranks, buffer, Basis::kDatasheet,
                  kDefaultError);
  }
  const double size = std::log2(buffer.value());
  if (below == nullptr) below = above;
  if (below->ranks == ranks) {
    return finish(curve_time(*below, size), collective, ranks, buffer, Basis::kMeasured, below->error);
  }
  const double known = std::log2(static_cast<double>(below->ranks));
  if (above != nullptr && above != below) {
    const double weight = (doublings - known) / (std::log2(static_cast<double>(above->ranks)) - known);
    const double low = std::log2(curve_time(*below, size).value());
    const double high = std::log2(curve_time(*above, size).value());
    return finish(Seconds{std::exp2(low + weight * (high - low))}, collective, ranks, buffer, Basis::kCalibrated,
                  std::max(below->error, above->error));
  }
  // More ranks than measured: the bandwidth part keeps its bus bandwidth, the latency part grows with the doublings.
  const Seconds latency{std::exp2(below->log2_seconds.front())};
  const Seconds base = curve_time(*below, size);
  const double growth = bus_factor(collective, ranks) / bus_factor(collective, below->ranks);
  const Seconds time = doublings / known * latency + growth * std::max(base - latency, Seconds{0});
  return finish(time, collective, ranks, buffer, Basis::kCalibrated,
                below->error + kErrorPerDoubling * (doublings - known));
}

}  // namespace socle::kernel
