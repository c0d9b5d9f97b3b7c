#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "socle/base/random.hpp"
#include "socle/reliability/replay_trace.hpp"
#include "socle/reliability/trace_statistics.hpp"

namespace socle::reliability {
namespace {

constexpr double kHour = 3600;
constexpr Seconds hours(double count) { return Seconds{count * kHour}; }

/// Faults at random: each of `nodes` fails after an exponential time and is back after `repair` hours. `burst` times as
/// often in the second sixth of the time.
workload::FaultTrace random_trace(int nodes, double mtbf_hours, double repair, double length_hours, double burst = 1) {
  std::string text = "node,down,up\nanchor,0,0.001\n";
  const RandomStream stream(11, 5);
  for (int node = 0; node < nodes; ++node) {
    RandomCursor draws(stream, static_cast<std::uint64_t>(node));
    double at = 0;
    for (;;) {
      at += draws.exponential() * mtbf_hours / burst;
      if (at + repair > length_hours) break;
      const bool bad = at > length_hours / 6 && at < length_hours / 3;
      if (!bad && draws.uniform() * burst > 1) continue;
      text += fmt::format("n{},{:.6f},{:.6f}\n", node, at, at + repair);
      at += repair;
    }
  }
  text += fmt::format("anchor,{},{}\n", length_hours - 0.001, length_hours);
  return workload::parse_fault_trace(text, "faults.csv");
}

TEST(TraceStatistics, CountByHand) {
  // Two of four nodes; one is down from 0 to 6 h, the other from 2 to 4 h, over 12 h (a third fault ends there).
  const auto trace = workload::parse_fault_trace("node,down,up,class\na,0,6,GPU\nb,2,4,NIC\na,11,12,GPU\n", "t.csv");
  const TraceStatistics found = trace_statistics(trace, 4);
  EXPECT_EQ(found.faults, 3);
  EXPECT_NEAR(found.per_1000_node_days, 3 / (4 * 0.5) * 1000, 1e-9);
  EXPECT_NEAR(found.unavailability, 9.0 / (4 * 12), 1e-12);
  EXPECT_NEAR(found.down_mean, 9.0 / 12, 1e-12);  // 5 h none, 5 h one, 2 h two
  EXPECT_EQ(found.down_p50, 1);
  EXPECT_EQ(found.down_p90, 2);
  EXPECT_EQ(found.down_max, 2);
  EXPECT_EQ(found.repair_median, hours(2));
  EXPECT_EQ(found.repair_mean, hours(3));
  ASSERT_EQ(found.window_down.size(), 6u);
  EXPECT_NEAR(found.window_down[1], 2, 1e-12);  // 2 to 4 h
  EXPECT_NEAR(found.window_down[5], 0.5, 1e-12);
  ASSERT_EQ(found.classes.size(), 2u);
  EXPECT_EQ(found.classes[0].name, "GPU");
}

TEST(TraceStatistics, OfRandomFaultsAreThoseOfPoisson) {
  const TraceStatistics found = trace_statistics(random_trace(400, 2000, 24, 8000), 401);
  EXPECT_NEAR(found.daily_variance_to_mean, 1, 0.2);
  EXPECT_NEAR(found.gap_variation, 1, 0.1);
  EXPECT_NEAR(found.gap_weibull_shape, 1, 0.1);
  EXPECT_NEAR(static_cast<double>(found.down_p99), static_cast<double>(found.binomial_p99), 1.01);
}

TEST(TraceStatistics, ABadSixthMakesTheBinomialTooSmall) {
  const TraceStatistics found = trace_statistics(random_trace(400, 6000, 100, 8352, 8), 401);
  EXPECT_GT(found.daily_variance_to_mean, 1.5);
  EXPECT_LT(found.gap_weibull_shape, 0.95);
  EXPECT_GT(found.down_p99, found.binomial_p99 + 5);
  EXPECT_GT(found.window_down[1], 3 * found.window_down[4]);
}

TEST(WeibullShape, IsThatOfItsLaw) {
  std::vector<double> values;
  RandomCursor draws(RandomStream(3, 3), 0);
  for (int i = 0; i < 20000; ++i) values.push_back(std::pow(draws.exponential(), 1 / 0.62));
  EXPECT_NEAR(weibull_shape(values), 0.62, 0.01);
  EXPECT_EQ(weibull_shape({1.0}), 0.0);
}

Job job_on(std::int64_t nodes, double productive_hours) {
  Job job;
  job.nodes = nodes;
  job.productive = hours(productive_hours);
  job.checkpoints = {.interval = hours(0.5), .blocking = hours(0.02), .lag = {}, .memory = {}};
  job.restart.load = hours(0.1);
  return job;
}

SimulatedGoodput replayed(const Job& job, const workload::FaultTrace& trace, std::int64_t nodes) {
  const auto answer = replay_trace(job, trace, {.trace_nodes = nodes, .simulation = {.samples = 100}});
  EXPECT_TRUE(answer) << answer.why().detail;
  return *answer;
}

TEST(ReplayTrace, OfRandomFaultsAgreesWithTheClosedForm) {
  // 400 nodes that fail every 2,000 h each: 300 of them every 6.67 h.
  const auto trace = random_trace(400, 2000, 24, 8000);
  Job job = job_on(300, 1000);
  const SimulatedGoodput found = replayed(job, trace, 401);
  job.failures = node_failures(24.0 / (2000 + 24), 300, {hours(24), hours(24)});
  const auto closed = expected_goodput(job);
  EXPECT_NEAR(found.effective / closed->effective, 1, 0.005);
  EXPECT_NEAR(found.interruptions / closed->interruptions, 1, 0.03);
  EXPECT_LT(found.balance_error, 1e-9);
}

TEST(ReplayTrace, WaitsWhenSparesRunOut) {
  const auto trace = random_trace(100, 500, 24, 4000);
  double before = 0;
  for (const std::int64_t spares : {4, 8, 16}) {
    Job job = job_on(80, 500);
    job.spares = SparePool{.hot = spares, .warm = 0};
    const SimulatedGoodput found = replayed(job, trace, 101);
    EXPECT_GE(found.effective, before);
    before = found.effective;
  }
  Job job = job_on(80, 500);
  job.spares = SparePool{.hot = 4, .warm = 0};
  EXPECT_GT(replayed(job, trace, 101).shares.wait, 0.05);
}

TEST(ReplayTrace, LaysLargeJobsOverCopies) {
  const auto trace = random_trace(100, 2000, 24, 4000);
  const SimulatedGoodput found = replayed(job_on(250, 500), trace, 101);
  EXPECT_NEAR(found.interruptions, 250 * 500 / 2024.0 / found.effective, 10);
}

TEST(ReplayTrace, GivesUpAJobThatIsNeverWhole) {
  const auto trace = workload::parse_fault_trace("node,down,up\na,0,50\nb,50,100\na,100,150\nb,150,200\n", "t.csv");
  const auto answer = replay_trace(job_on(2, 10), trace, {.trace_nodes = 2, .simulation = {.samples = 3}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.why().reason, "spares");
}

TEST(ReplayTrace, IsTheSameForAnyNumberOfThreads) {
  const auto trace = random_trace(100, 500, 24, 4000);
  const Job job = job_on(80, 500);
  const auto one = replay_trace(job, trace, {.trace_nodes = 101, .simulation = {.samples = 20, .threads = 1}});
  const auto four = replay_trace(job, trace, {.trace_nodes = 101, .simulation = {.samples = 20, .threads = 4}});
  EXPECT_EQ(one->effectives, four->effectives);
}

}  // namespace
}  // namespace socle::reliability
