#include "socle/answer/risk/risk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "socle/reliability/replay_trace.hpp"
#include "socle/reliability/spares.hpp"

namespace socle::answer {
namespace {

using reliability::Job;

constexpr std::int64_t kSamples = 4000, kTraceSamples = 200;
constexpr int kCurvePoints = 33, kSpreadPoints = 40;
constexpr double kHour = 3600;

std::vector<IntervalPoint> interval_curve(const Job& job, const reliability::Goodput& best) {
  std::vector<IntervalPoint> curve;
  if (job.elastic) return curve;
  for (int i = 0; i < kCurvePoints; ++i) {
    Job other = job;
    // From an eighth to eight times the interval.
    const Seconds interval = best.interval * std::pow(8.0, 2.0 * i / (kCurvePoints - 1) - 1);
    other.checkpoints.interval = interval;
    if (other.checkpoints.memory) other.checkpoints.memory->interval = std::min(best.memory_interval, interval);
    if (const auto point = reliability::expected_goodput(other)) curve.push_back({point->interval, point->effective});
  }
  return curve;
}

std::optional<Textbook> textbook(const Job& job, const reliability::Goodput& goodput) {
  const Seconds blocking = job.checkpoints.blocking;
  if (job.elastic || job.checkpoints.memory || !(blocking > Seconds{}) || !std::isfinite(goodput.mtti.value()))
    return std::nullopt;
  const reliability::CheckpointCycle cycle{.mtti = goodput.mtti,
                                           .interval = goodput.interval,
                                           .blocking = blocking,
                                           .restart = goodput.restart,
                                           .lag = job.checkpoints.lag};
  return Textbook{.young = reliability::young_interval(blocking, goodput.mtti),
                  .daly = reliability::daly_interval(blocking, goodput.mtti),
                  .exact = reliability::exact_interval(blocking, goodput.mtti),
                  .effective = reliability::exact_effective(cycle),
                  .meta = reliability::meta_effective(cycle),
                  .first_order = reliability::first_order_effective(cycle)};
}

/// Unavailability of a node at so many times the rates.
double down_share(const Job& job, double factor) {
  double odds = 0;
  for (const reliability::JobFailure& one : job.failures)
    odds += one.rate * one.repair.mean * one.node_lost * one.nodes_hit;
  odds *= factor / static_cast<double>(job.nodes);
  return odds / (1 + odds);
}

std::vector<SpareNeed> spare_needs(const Job& job, Seconds wall) {
  std::vector<reliability::DownRegime> regimes;
  const int points = job.spread.exact() ? 1 : kSpreadPoints;
  for (int i = 0; i < points; ++i) {
    const double factor = reliability::quantile_of(job.spread, (i + 0.5) / points);
    double left = 1;
    for (const reliability::RateRegime& regime : job.regimes) {
      const double share = std::min(left, regime.duration / wall);
      regimes.push_back({share / points, down_share(job, factor * regime.factor)});
      left -= share;
    }
    if (left > 0) regimes.push_back({left / points, down_share(job, factor)});
  }
  std::vector<SpareNeed> needs;
  for (const double level : {0.5, 0.9, 0.99, 0.999})
    needs.push_back({level, reliability::down_quantile(job.nodes, regimes, level),
                     reliability::binomial_quantile(job.nodes, down_share(job, job.spread.mode), level)});
  return needs;
}

std::optional<LostMoney> lost_money(const RiskResult& result) {
  LostMoney lost;
  if (result.setup.risk.lost_hour) {
    lost.per_hour = *result.setup.risk.lost_hour;
    lost.stated = true;
  } else if (result.setup.cluster.rent_per_chip_hour) {
    const auto spares = result.job.job.spares ? result.job.job.spares->size() * result.setup.chips_per_node : 0;
    lost.per_hour = *result.setup.cluster.rent_per_chip_hour * static_cast<double>(result.setup.cluster.chips + spares);
  } else {
    return std::nullopt;
  }
  const auto hours = [&](double wall) { return (wall - result.facts.run.value()) / kHour; };
  lost.expected = lost.per_hour * hours(result.facts.run.value() / result.simulated.effective);
  lost.p90 = lost.per_hour * hours(result.simulated.wall.p90);
  lost.p99 = lost.per_hour * hours(result.simulated.wall.p99);
  return lost;
}

}  // namespace

Feasible<RiskResult> risk(setup::RiskSetup setup, JobFacts facts, const std::string& source, const RiskOptions& options,
                          Progress* progress) {
  RiskResult result;
  result.facts = std::move(facts);
  result.setup = std::move(setup);
  result.job = risk_job(result.setup, result.facts, source);
  Job& job = result.job.job;
  auto expected = reliability::expected_goodput(job);
  if (!expected) return expected.why();
  if (result.facts.step && !job.checkpoints.interval && !job.checkpoints.memory &&
      expected->interval < *result.facts.step) {
    job.checkpoints.interval = result.facts.step;
    result.job.assumptions.push_back("The best interval is below one step: a checkpoint follows every step.");
    expected = reliability::expected_goodput(job);
    if (!expected) return expected.why();
  }
  result.expected = *expected;
  const scenario::RiskSection& asked = result.setup.risk;
  reliability::SimulationOptions simulation{.samples = asked.samples.value_or(kSamples),
                                            .seed = static_cast<std::uint32_t>(asked.seed.value_or(1)),
                                            .threads = options.threads,
                                            .progress = progress};
  const auto simulated = reliability::simulate_goodput(job, simulation);
  if (!simulated) return simulated.why();
  result.simulated = *simulated;
  result.textbook = textbook(job, result.expected);
  result.curve = interval_curve(job, result.expected);
  result.spares = spare_needs(job, result.expected.wall);
  result.storage = storage_need(result.setup, result.facts, result.job, result.expected);
  result.lost = lost_money(result);
  if (result.setup.trace) {
    const setup::RiskTrace& trace = *result.setup.trace;
    simulation.samples = std::min(simulation.samples, kTraceSamples);
    result.replay = TraceReplay{
        .name = trace.name,
        .statistics = reliability::trace_statistics(trace.trace, trace.nodes),
        .goodput = reliability::replay_trace(job, trace.trace, {.trace_nodes = trace.nodes, .simulation = simulation})};
  }
  const auto add = [](std::vector<std::string>& list, const std::vector<std::string>& more) {
    list.insert(list.end(), more.begin(), more.end());
  };
  for (const auto* more :
       {&result.setup.assumptions, &result.facts.assumptions, &result.job.assumptions, &result.storage.assumptions})
    add(result.assumptions, *more);
  add(result.doubts, result.setup.doubts);
  add(result.doubts, result.job.doubts);
  return result;
}

}  // namespace socle::answer
