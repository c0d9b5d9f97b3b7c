#include "socle/reliability/closed_form.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::reliability {
namespace {

constexpr double kFirstOrderWaste = 0.1;

}  // namespace

Seconds young_interval(Seconds blocking, Seconds mtti) {
  return Seconds{std::sqrt(2 * blocking.value() * mtti.value())};
}

Seconds daly_interval(Seconds blocking, Seconds mtti) {
  if (blocking >= 2.0 * mtti) return mtti;
  const double half = blocking / (2.0 * mtti);
  return young_interval(blocking, mtti) * (1 + std::sqrt(half) / 3 + half / 9) - blocking;
}

Seconds exact_interval(Seconds blocking, Seconds mtti) {
  const double write = blocking / mtti;
  if (!(write > 0)) return Seconds{};
  // g(x) = x + ln(1 - x) + d/M falls and bends down for x > 0. Both bounds are above its root, from where Newton's
  // method comes down without overshooting.
  double x = std::min(std::sqrt(2 * write), -std::expm1(-1 - write));
  for (int step = 0; step < 64; ++step) {
    const double next = x + (x + std::log1p(-x) + write) * (1 - x) / x;
    if (!(next < x)) break;
    x = next;
  }
  return mtti * x;
}

double exact_effective(const CheckpointCycle& cycle) {
  SOCLE_CHECK(cycle.mtti > Seconds{} && cycle.interval > Seconds{}, "a cycle has a time to failure and an interval");
  const double period = (cycle.interval + cycle.blocking) / cycle.mtti;
  const double behind = (cycle.restart + cycle.lag) / cycle.mtti;
  return cycle.interval / cycle.mtti * std::exp(-behind) / std::expm1(period);
}

Feasible<double> first_order_effective(const CheckpointCycle& cycle) {
  const double waste = cycle.blocking / cycle.interval + (cycle.restart + cycle.interval / 2.0) / cycle.mtti;
  if (waste > kFirstOrderWaste)
    return Infeasible{"first order",
                      fmt::format("the first-order form wastes {}, more than {}", format_percent(waste),
                                  format_percent(kFirstOrderWaste)),
                      "use the exact form"};
  return 1 - waste;
}

Feasible<double> meta_effective(const CheckpointCycle& cycle) {
  const double per_failure = (cycle.restart + cycle.interval / 2.0) / cycle.mtti;
  if (per_failure >= 1)
    return Infeasible{"out of range",
                      fmt::format("restart and half an interval take {}, the mean time to interruption is {}",
                                  format_seconds(cycle.restart + cycle.interval / 2.0), format_seconds(cycle.mtti)),
                      "use the exact form"};
  return (1 - per_failure) / (1 + cycle.blocking / cycle.interval);
}

}  // namespace socle::reliability
