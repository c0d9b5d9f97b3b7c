// Laws of jobs under failures, over random ones.
#include <cmath>

#include <gtest/gtest.h>

#include "socle/base/random.hpp"
#include "socle/reliability/goodput.hpp"
#include "socle/reliability/rollout.hpp"

namespace socle::reliability {
namespace {

constexpr Seconds hours(double count) { return Seconds{count * 3600}; }

/// A job whose figures mean something: restarts and writes below a third of the time between failures.
Job random_job(std::uint64_t seed) {
  RandomCursor draws(RandomStream(2026, 11), seed);
  const auto between = [&](double low, double high) { return low * std::pow(high / low, draws.uniform()); };
  const double mtti = between(0.5, 1000);
  Job job;
  job.nodes = static_cast<std::int64_t>(between(2, 4096));
  job.productive = hours(300 * mtti);
  const int classes = 1 + static_cast<int>(draws.uniform() * 4);
  for (int i = 0; i < classes; ++i)
    job.failures.push_back({.name = "class",
                            .group = "unknown",
                            .rate = 1.0 / hours(mtti * classes),
                            .node_lost = draws.uniform(),
                            .nodes_hit = 1 + static_cast<int>(draws.uniform() * 3),
                            .unnoticed = draws.uniform() < 0.3 ? hours(mtti * 0.05 * draws.uniform()) : Seconds{},
                            .repair = {hours(5), hours(20)}});
  const auto part = [&] { return hours(mtti * 0.05 * draws.uniform()); };
  job.restart = {part(), part(), part(), part(), part(), part()};
  job.checkpoints.blocking = hours(mtti * between(1e-4, 0.05));
  if (draws.uniform() < 0.5) job.checkpoints.interval = hours(mtti * between(0.02, 0.5));
  if (draws.uniform() < 0.4) job.checkpoints.lag = job.checkpoints.blocking * draws.uniform();
  if (draws.uniform() < 0.4)
    job.checkpoints.memory = {.interval = {},
                              .blocking = job.checkpoints.blocking * 0.1,
                              .load = job.restart.load * 0.2,
                              .peers_apart = draws.uniform() < 0.5};
  return job;
}

TEST(Reliability, ClosedFormsAndPlayedRunsAgree) {
  int judged = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Job job = random_job(seed);
    const auto closed = expected_goodput(job);
    if (!closed) continue;
    ++judged;
    const auto played = simulate_goodput(job, {.samples = 300, .seed = static_cast<std::uint32_t>(seed)});
    ASSERT_TRUE(played);
    const double room = 0.005 + 4 * played->effective_error / closed->effective;
    EXPECT_NEAR(played->effective / closed->effective, 1, room) << "seed " << seed;
    EXPECT_NEAR(closed->shares.sum(), 1, 1e-9) << "seed " << seed;
    EXPECT_LT(played->balance_error, 1e-9) << "seed " << seed;
  }
  EXPECT_GE(judged, 50);
}

TEST(Reliability, NothingThatGetsWorseHelps) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Job job = random_job(seed);
    const auto before = expected_goodput(job);
    if (!before) continue;
    if (!job.checkpoints.interval) job.checkpoints.interval = before->interval;
    if (job.checkpoints.memory) job.checkpoints.memory->interval = before->memory_interval;
    const auto worse = [&](auto change) {
      Job other = job;
      change(other);
      const auto after = expected_goodput(other);
      return !after || after->effective <= before->effective * (1 + 1e-12);
    };
    EXPECT_TRUE(worse([](Job& one) { one.failures[0].rate *= 1.1; })) << "seed " << seed;
    EXPECT_TRUE(worse([](Job& one) { one.restart.detect += Seconds{1}; })) << "seed " << seed;
    EXPECT_TRUE(worse([](Job& one) { one.checkpoints.blocking *= 1.1; })) << "seed " << seed;
    EXPECT_TRUE(worse([](Job& one) { one.spares = SparePool{.hot = 0, .warm = 1}; })) << "seed " << seed;
  }
}

TEST(Reliability, AStageMoreNeverExposesTheWholeFleet) {
  RandomCursor draws(RandomStream(2026, 12), 0);
  for (int i = 0; i < 100; ++i) {
    const Seconds detect = hours(draws.uniform()), rollback = hours(draws.uniform());
    const Seconds at_once = exposure({.stages = {{1.0, {}}}, .detect = detect, .rollback = rollback}).share_time;
    const double first = draws.uniform();
    const Exposure staged = exposure(
        {.stages = stages_of({first, 1 - first}, hours(draws.uniform())), .detect = detect, .rollback = rollback});
    EXPECT_LE(staged.share_time, at_once * (1 + 1e-12));
  }
}

}  // namespace
}  // namespace socle::reliability
