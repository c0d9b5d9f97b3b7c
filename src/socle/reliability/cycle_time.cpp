#include "socle/reliability/cycle_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/reliability/closed_form.hpp"

namespace socle::reliability {
namespace {

constexpr double kEffectiveMin = 1e-4;
constexpr std::int64_t kPerStoreMax = 10'000;

/// What is spent between failures and after them, for one cycle from write to write.
struct Cycle {
  double run = 0;      // at work or writing
  double recover = 0;  // from failures to useful work
  double wasted_writing = 0;
};

/// A(x): mean time of writing in a stretch of work and writes that a failure cuts off, times the chance that it does
/// so within x of its start.
double cut_writing(double rate, double segment, double write, double within) {
  const double period = segment + write;
  double sum = 0, before = 0, scale = 1;  // writes behind in the stretch, and exp(-rate * their periods)
  for (; within > 0; within -= period, before += write, scale *= std::exp(-rate * period)) {
    const double here = std::min(within, period), beyond = here - segment;
    sum += scale * before * -std::expm1(-rate * here);
    if (beyond > 0)
      sum +=
          scale * std::exp(-rate * segment) * (-std::expm1(-rate * beyond) / rate - beyond * std::exp(-rate * beyond));
  }
  return sum;
}

/// Storage alone. Each write counts u after its end; a failure throws back to the last that counted. Per write that
/// counts, exp(u / M) (exp(P / M) A(P + u) - A(u)) of writing is cut off.
Cycle storage_cycle(const Job& job, const FailureMix& mix, double segment) {
  const double write = job.checkpoints.blocking.value(), period = segment + write;
  const double lag = job.checkpoints.lag.value(), phi = mix.undisturbed(false);
  const double total = std::expm1(mix.rate * period) * std::exp(mix.rate * lag) / (mix.rate * phi);
  Cycle cycle;
  cycle.run = total * phi;
  cycle.recover = total - cycle.run;
  cycle.wasted_writing =
      std::exp(mix.rate * lag) * (std::exp(mix.rate * period) * cut_writing(mix.rate, segment, write, period + lag) -
                                  cut_writing(mix.rate, segment, write, lag));
  return cycle;
}

Cycle memory_cycle(const Job& job, const FailureMix& mix, const Intervals& intervals) {
  const double rate = mix.rate, phi_memory = mix.undisturbed(true), phi_store = mix.undisturbed(false);
  const double q1 = mix.memory_lost, q2 = mix.memory_lost_again;
  const double from_store = (1 - phi_store) / (rate * phi_store);
  const double from_memory =
      ((1 - phi_memory) / rate + (1 - phi_memory) * q2 * from_store) / (1 - (1 - phi_memory) * (1 - q2));
  const double survives = (1 - q1) * phi_memory / (1 - (1 - phi_memory) * (1 - q2));
  const double recovery = q1 * from_store + (1 - q1) * from_memory;
  const double copy = job.checkpoints.memory->blocking.value(), step = intervals.segment + copy;
  // V[i] = a + b V[0], from the last segment down; a[k] = b[k] = 0.
  double a = 0, b = 0, covered = 0;
  for (std::int64_t i = intervals.per_store - 1; i >= 0; --i) {
    const double length = step + (i + 1 == intervals.per_store ? job.checkpoints.blocking.value() : 0.0);
    const double pass = std::exp(-rate * length), fail = -std::expm1(-rate * length);
    // Until the upload has ended, what storage holds is a whole cycle older.
    covered = std::clamp((job.checkpoints.lag.value() - static_cast<double>(i) * step) / length, 0.0, 1.0);
    const double stay = 1 - fail * survives;
    a = (fail / rate + pass * a + fail * recovery) / stay;
    b = (pass * b + fail * (1 - survives) * (1 + covered)) / stay;
  }
  const double total = a / (1 - b);
  Cycle cycle;
  cycle.run = b < 1 ? total / (1 + rate * recovery) : std::numeric_limits<double>::infinity();
  cycle.recover = total - cycle.run;
  const double useful = static_cast<double>(intervals.per_store) * intervals.segment;
  const double write = static_cast<double>(intervals.per_store) * copy + job.checkpoints.blocking.value();
  cycle.wasted_writing = (cycle.run - useful - write) * write / (useful + write);
  return cycle;
}

/// Splits the time of recoveries by the stages that failures find the job in.
void split_recovery(const FailureMix& mix, bool memory, bool elastic, double recover, TimeParts& parts) {
  TimeParts stages;
  for (const FailureMix::Item& item : mix.items) {
    const auto passed = [&](double time) { return -std::expm1(-mix.rate * time); };
    const double seen = item.path.unnoticed, found = seen + item.path.detect;
    stages.lost += item.share * passed(seen);
    stages.detect += item.share * (passed(found) - passed(seen));
    stages.restart += item.share * (passed(item.path.time(memory)) - passed(found));
  }
  const double sum = stages.sum();
  if (!(sum > 0)) return;
  parts.lost += recover * stages.lost / sum;
  (elastic ? parts.restart : parts.detect) += recover * stages.detect / sum;
  parts.restart += recover * stages.restart / sum;
}

Infeasible too_slow(double rate, double behind) {
  return {"restart",
          fmt::format("the mean time to interruption is {}, and a restart with all that goes with it takes {}",
                      format_seconds(Seconds{1 / rate}), format_seconds(Seconds{behind})),
          "shorten detection, image and load times, keep hot spares, or use fewer chips"};
}

Feasible<TimeParts> elastic_time(const Job& job, const FailureMix& mix, const Intervals& intervals) {
  const double write = job.checkpoints.blocking.value() / intervals.store_interval();
  const double phi = mix.undisturbed(true);
  const double debt = mix.rate * mix.replica_away / static_cast<double>(job.elastic->replicas);
  if (!(phi > debt + kEffectiveMin)) return too_slow(mix.rate, job.elastic->stall.value());
  const double total = (1 + write) / (phi - debt);
  TimeParts parts{.productive = 1, .checkpoint = write, .degraded = total * debt};
  split_recovery(mix, true, true, total * (1 - phi), parts);
  return parts;
}

}  // namespace

double mean_factor(const Job& job, Seconds time) {
  double covered = 0, weighted = 0;
  for (const RateRegime& regime : job.regimes) {
    const double here = std::min(regime.duration.value(), time.value() - covered);
    if (!(here > 0)) break;
    covered += here;
    weighted += here * regime.factor;
  }
  return time > Seconds{} ? (weighted + (time.value() - covered)) / time.value() : 1.0;
}

Feasible<TimeParts> time_for_work(const Job& job, const Intervals& intervals, double factor) {
  const FailureMix mix = failure_mix(job, factor);
  const bool memory = job.checkpoints.memory.has_value();
  const double copies = memory ? job.checkpoints.memory->blocking.value() / intervals.segment : 0.0;
  TimeParts parts{.productive = 1,
                  .checkpoint = copies + job.checkpoints.blocking.value() / intervals.store_interval()};
  if (!(mix.rate > 0)) return parts;
  if (job.elastic) return elastic_time(job, mix, intervals);
  const double behind = mix.mean_time(memory) + (memory ? 0.0 : job.checkpoints.lag.value());
  if (mix.rate * behind >= 1) return too_slow(mix.rate, behind);
  const Cycle cycle = memory ? memory_cycle(job, mix, intervals) : storage_cycle(job, mix, intervals.segment);
  const double useful = memory ? intervals.store_interval() : intervals.segment;
  if (!std::isfinite(cycle.run + cycle.recover) || (cycle.run + cycle.recover) * kEffectiveMin > useful)
    return Infeasible{
        "interval",
        fmt::format(
            "{} of work between two writes take {}, with failures {} apart", format_seconds(Seconds{useful}),
            std::isfinite(cycle.run + cycle.recover) ? format_seconds(Seconds{cycle.run + cycle.recover}) : "for ever",
            format_seconds(Seconds{1 / mix.rate})),
        "shorten the interval or the write"};
  parts.checkpoint += cycle.wasted_writing / useful;
  parts.lost = cycle.run / useful - parts.productive - parts.checkpoint;
  split_recovery(mix, memory, false, cycle.recover / useful, parts);
  parts.wait = parts.sum() * mix.wait_share / (1 - mix.wait_share);
  return parts;
}

namespace {

/// The best number of segments for each write to storage: powers of two, then between the neighbours of the best.
std::int64_t best_per_store(const Job& job, double segment, double factor) {
  const auto time = [&](std::int64_t per_store) {
    const auto parts = time_for_work(job, {segment, per_store, true}, factor);
    return parts ? parts->sum() : std::numeric_limits<double>::infinity();
  };
  std::int64_t best = 1;
  for (std::int64_t count = 2; count <= kPerStoreMax; count *= 2) {
    if (time(count) < time(best)) best = count;
  }
  std::int64_t low = std::max<std::int64_t>(1, best / 2), high = best * 2;
  while (high - low > 2) {
    const std::int64_t left = low + (high - low) / 3, right = high - (high - low) / 3;
    (time(left) <= time(right) ? high : low) = time(left) <= time(right) ? right : left;
  }
  for (std::int64_t count = low; count <= high; ++count) {
    if (time(count) < time(best)) best = count;
  }
  return best;
}

Infeasible no_best(std::string_view what) {
  return {"interval",
          fmt::format("{} costs nothing or nothing fails: the more seldom or the more often, the better", what),
          "give the interval"};
}

}  // namespace

Feasible<Intervals> choose_intervals(const Job& job) {
  const Checkpoints& plan = job.checkpoints;
  const double factor = mean_factor(job, job.productive) * job.spread.mode;
  const double rate = interruption_rate(job.failures).value() * factor;
  Intervals chosen;
  if (!plan.memory) {
    if (!plan.interval && (!(rate > 0) || !(plan.blocking > Seconds{}))) return no_best("a checkpoint");
    chosen.best = !plan.interval;
    chosen.segment = plan.interval ? plan.interval->value()
                                   : std::max(exact_interval(plan.blocking, Seconds{1 / rate}).value(),
                                              (plan.lag - plan.blocking).value());
  } else {
    const MemoryCopies& memory = *plan.memory;
    if (!memory.interval && (!(rate > 0) || !(memory.blocking > Seconds{}))) return no_best("a copy in memory");
    chosen.best = !memory.interval || !plan.interval;
    chosen.segment =
        memory.interval ? memory.interval->value() : exact_interval(memory.blocking, Seconds{1 / rate}).value();
    if (plan.interval && *plan.interval < Seconds{chosen.segment}) chosen.segment = plan.interval->value();
    chosen.per_store =
        plan.interval ? std::clamp<std::int64_t>(std::llround(plan.interval->value() / chosen.segment), 1, kPerStoreMax)
        : rate > 0    ? best_per_store(job, chosen.segment, factor)
                      : 1;
    const double step = chosen.segment + memory.blocking.value();
    if (!plan.interval)
      chosen.per_store = std::max(chosen.per_store, static_cast<std::int64_t>(std::ceil(plan.lag.value() / step)));
  }
  const double cycle = chosen.store_interval() + plan.blocking.value() +
                       (plan.memory ? static_cast<double>(chosen.per_store) * plan.memory->blocking.value() : 0.0);
  if (plan.lag.value() > cycle * (1 + 1e-12))
    return Infeasible{"upload",
                      fmt::format("an upload of {} outlasts the {} between two checkpoints", format_seconds(plan.lag),
                                  format_seconds(Seconds{cycle})),
                      "write less often or to faster storage"};
  return chosen;
}

}  // namespace socle::reliability
