#include "socle/kernel/collective_time.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::kernel {
namespace {

/// Share of the datasheet link that a large buffer reaches as bus bandwidth, and latency per doubling of ranks:
/// rounded by hand from the measured chips (docs/design/kernel.md), in the order of `Collective`.
struct CollectiveDefault {
  double link_fraction;
  Seconds latency_per_doubling;
};
constexpr std::array<CollectiveDefault, kCollectives> kDefaults = {
    {{0.75, Seconds{7e-6}}, {0.69, Seconds{5e-6}}, {0.69, Seconds{5e-6}}, {0.66, Seconds{4e-6}}}};
constexpr double kDefaultError = 0.25;
/// Added error for each doubling of ranks beyond the measured ones (assumption).
constexpr double kErrorPerDoubling = 0.05;

/// Least time per byte beyond the largest size, as a share of that size's average: two noisy points must not promise
/// more.
constexpr double kTailLeast = 0.8;
constexpr double kTailEnd = 44.0;  // log2 bytes: 16 TiB, where the line has long been straight

CollectiveEstimate finish(Seconds time, Collective collective, int ranks, Bytes buffer, Basis basis, double error) {
  return {time, bus_factor(collective, ranks) * buffer / time, basis, error};
}

}  // namespace

double bus_factor(Collective collective, int ranks) {
  const double share = (ranks - 1.0) / ranks;
  return collective == Collective::kAllReduce ? 2.0 * share : share;
}

Seconds curve_time(const CollectiveCurve& curve, Bytes buffer) {
  const auto& x = curve.log2_bytes;
  const auto& y = curve.log2_seconds;
  const double log2_bytes = std::log2(buffer.value());
  if (log2_bytes <= x.front()) return Seconds{std::exp2(y.front())};
  if (log2_bytes >= x.back()) return Seconds{std::exp2(y.back() + log2_bytes - x.back())};
  const auto above = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), log2_bytes) - x.begin());
  const double weight = (log2_bytes - x[above - 1]) / (x[above] - x[above - 1]);
  return Seconds{std::exp2(y[above - 1] + weight * (y[above] - y[above - 1]))};
}

CollectiveCurve extended(CollectiveCurve curve) {
  auto& x = curve.log2_bytes;
  auto& y = curve.log2_seconds;
  if (x.size() < 2) return curve;
  const double bytes = std::exp2(x.back());
  const double last = std::exp2(y.back());
  const double slope = (last - std::exp2(y[y.size() - 2])) / (bytes - std::exp2(x[x.size() - 2]));
  const double per_byte = std::clamp(slope, kTailLeast * last / bytes, last / bytes);
  for (double size = x.back() + 0.5; size <= kTailEnd; size += 0.5) {
    x.push_back(size);
    y.push_back(std::log2(last + per_byte * (std::exp2(size) - bytes)));
  }
  return curve;
}

CollectiveCurve with_links(CollectiveCurve curve, double ratio) {
  if (ratio == 1.0) return curve;
  const double latency = std::exp2(curve.log2_seconds.front());
  for (double& log2_seconds : curve.log2_seconds) {
    log2_seconds = std::log2(latency + ratio * (std::exp2(log2_seconds) - latency));
  }
  return curve;
}

CollectiveEstimate estimate_collective(std::span<const CollectiveCurve> curves, BytesPerSecond link,
                                       const CollectiveQuery& query) {
  const auto& [collective, ranks, buffer] = query;
  SOCLE_CHECK(ranks >= 1 && buffer >= Bytes{0}, "a collective has ranks and a buffer");
  if (ranks == 1 || buffer == Bytes{0}) return {Seconds{0}, BytesPerSecond{0}, Basis::kMeasured, 0.0};
  const double doublings = std::log2(static_cast<double>(ranks));
  const CollectiveCurve* below = nullptr;
  const CollectiveCurve* above = nullptr;
  for (const CollectiveCurve& curve : curves) {  // sorted by ranks within each collective
    if (curve.collective != collective) continue;
    if (curve.ranks <= ranks) below = &curve;
    if (curve.ranks >= ranks && above == nullptr) above = &curve;
  }
  if (below == nullptr && above == nullptr) {
    const CollectiveDefault& d = kDefaults[static_cast<std::size_t>(collective)];
    const Seconds transfer = bus_factor(collective, ranks) * buffer / (d.link_fraction * link);
    return finish(doublings * d.latency_per_doubling + transfer, collective, ranks, buffer, Basis::kDatasheet,
                  kDefaultError);
  }
  if (below != nullptr && below->ranks == ranks) {
    return finish(curve_time(*below, buffer), collective, ranks, buffer, Basis::kMeasured, below->error);
  }
  if (below != nullptr && above != nullptr) {
    const double known = std::log2(static_cast<double>(below->ranks));
    const double weight = (doublings - known) / (std::log2(static_cast<double>(above->ranks)) - known);
    const double low = std::log2(curve_time(*below, buffer).value());
    const double high = std::log2(curve_time(*above, buffer).value());
    return finish(Seconds{std::exp2(low + weight * (high - low))}, collective, ranks, buffer, Basis::kCalibrated,
                  std::max(below->error, above->error));
  }
  // Fewer or more ranks than measured: the bandwidth part keeps its bus bandwidth, the latency part goes with the
  // doublings.
  const CollectiveCurve& nearest = below != nullptr ? *below : *above;
  const double known = std::log2(static_cast<double>(nearest.ranks));
  const Seconds latency{std::exp2(nearest.log2_seconds.front())};
  const Seconds base = curve_time(nearest, buffer);
  const double growth = bus_factor(collective, ranks) / bus_factor(collective, nearest.ranks);
  const Seconds time = doublings / known * latency + growth * std::max(base - latency, Seconds{0});
  return finish(time, collective, ranks, buffer, Basis::kCalibrated,
                nearest.error + kErrorPerDoubling * std::fabs(doublings - known));
}

CollectiveEstimate ChipKernels::collective_time(Collective collective, int ranks, Bytes buffer) const {
  return estimate_collective(collectives_, scale_up_bandwidth_, {collective, ranks, buffer});
}

void lay_over(std::vector<CollectiveCurve>& curves, const std::vector<CollectiveCurve>& measured) {
  for (const CollectiveCurve& curve : measured) {
    const auto same = std::find_if(curves.begin(), curves.end(), [&](const CollectiveCurve& known) {
      return known.collective == curve.collective && known.ranks == curve.ranks;
    });
    if (same != curves.end())
      *same = curve;
    else
      curves.push_back(curve);
  }
  sort_curves(curves);
}

}  // namespace socle::kernel
