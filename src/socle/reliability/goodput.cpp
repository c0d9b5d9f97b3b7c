#include "socle/reliability/goodput.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/reliability/cycle_time.hpp"

namespace socle::reliability {
namespace {

void add(TimeParts& sum, const TimeParts& parts, double factor) {
  for (const TimePart& part : kTimeParts) sum.*part.part += parts.*part.part * factor;
}

/// Times of the whole job, regime after regime.
struct Walk {
  TimeParts parts;
  double failures = 0, wall = 0;
};

Feasible<Walk> walk_regimes(const Job& job, const Intervals& intervals) {
  const double base = interruption_rate(job.failures).value() * job.spread.mode;
  Walk walk;
  double left = job.productive.value();
  const auto spend = [&](double factor, double most) -> Feasible<double> {
    const auto parts = time_for_work(job, intervals, factor * job.spread.mode);
    if (!parts) return parts.why();
    const double work = std::min(left, most / parts->sum());
    add(walk.parts, *parts, work);
    walk.failures += (parts->sum() - parts->wait) * work * base * factor;
    left -= work;
    return work;
  };
  for (const RateRegime& regime : job.regimes) {
    if (!(left > 0)) break;
    const auto spent = spend(regime.factor, regime.duration.value());
    if (!spent) return spent.why();
  }
  if (left > 0) {
    const auto spent = spend(1.0, std::numeric_limits<double>::infinity());
    if (!spent) return spent.why();
  }
  return walk;
}

}  // namespace

Feasible<Goodput> expected_goodput(const Job& job) {
  const auto intervals = choose_intervals(job);
  if (!intervals) return intervals.why();
  auto walk = walk_regimes(job, *intervals);
  if (!walk) return walk.why();
  TimeParts parts = walk->parts;
  const double planned = (job.planned.rate * job.planned.time);
  if (planned >= 1)
    return Infeasible{"planned", fmt::format("planned interruptions take {} of the time", format_percent(planned)),
                      "plan fewer or shorter ones"};
  parts.planned = parts.sum() * planned / (1 - planned);
  const double wall = parts.sum();
  const FailureMix mix = failure_mix(job, mean_factor(job, Seconds{wall}) * job.spread.mode);
  Goodput result;
  result.mtti = mix.rate > 0 ? Seconds{1 / mix.rate} : Seconds{std::numeric_limits<double>::infinity()};
  result.wall = Seconds{wall};
  result.effective = job.productive.value() / wall;
  result.interruptions = walk->failures;
  result.interval = Seconds{intervals->store_interval()};
  result.interval_best = intervals->best;
  if (job.checkpoints.memory) result.memory_interval = Seconds{intervals->segment};
  result.restart = Seconds{mix.mean_time(job.checkpoints.memory.has_value())};
  for (const TimePart& part : kTimeParts) result.shares.*part.part = parts.*part.part / wall;
  return result;
}

}  // namespace socle::reliability
