#include "socle/serve/scaler.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::serve {
namespace {

constexpr double kTolerance = 0.1;
constexpr Picoseconds kQuiet = 900'000'000'000'000;
constexpr Picoseconds kStable = 300'000'000'000'000;

}  // namespace

int ReactiveScaler::wanted(const ScalingView& view) {
  SOCLE_CHECK(target_ > 0, "a fleet scales to a load");
  const int now = view.ready + view.starting;
  // Replicas that start carry nothing yet: the metric is that of those that are ready.
  const double load = static_cast<double>(view.requests) / std::max(1, view.ready) / target_;
  const int wanted = std::abs(load - 1.0) <= kTolerance
                         ? now
                         : std::max(least_, static_cast<int>(std::ceil(load * view.ready - 1e-9)));
  while (!recent_.empty() && recent_.front().first + kStable < view.now) recent_.pop_front();
  recent_.emplace_back(view.now, wanted);
  if (wanted >= now) return wanted;
  const auto most = std::max_element(recent_.begin(), recent_.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return std::min(now, most->second);
}

int ForecastScaler::wanted(const ScalingView& view) {
  SOCLE_CHECK(!wanted_.empty() && part_ > 0, "a forecast has parts");
  const auto part = [&](Picoseconds time) {
    return std::min(static_cast<std::size_t>(time / part_), wanted_.size() - 1);
  };
  const auto most = [&](Picoseconds ahead) {
    const auto from = wanted_.begin() + static_cast<std::ptrdiff_t>(part(view.now));
    const auto to = wanted_.begin() + static_cast<std::ptrdiff_t>(part(view.now + ahead));
    return *std::max_element(from, to + 1);
  };
  const int wanted = most(ahead_), now = view.ready + view.starting;
  return wanted >= now ? wanted : std::min(now, most(std::max(ahead_, kQuiet)));
}

}  // namespace socle::serve
