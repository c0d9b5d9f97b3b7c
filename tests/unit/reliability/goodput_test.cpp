#include "socle/reliability/goodput.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/reliability/closed_form.hpp"

namespace socle::reliability {
namespace {

constexpr Seconds hours(double count) { return Seconds{count * 3600}; }

/// Hours; one class that keeps its node, restart in one stage.
Job plain_job(double mtti, double restart, double interval, double write) {
  Job job;
  job.nodes = 2048;
  job.productive = hours(1000 * std::max(mtti, interval));
  job.failures = {{.name = "any",
                   .group = "unknown",
                   .rate = 1.0 / hours(mtti),
                   .node_lost = 0,
                   .unnoticed = {},
                   .repair = {hours(20), hours(20)}}};
  job.checkpoints = {.interval = hours(interval), .blocking = hours(write), .lag = {}, .memory = {}};
  job.restart.load = hours(restart);
  return job;
}

Goodput expected(const Job& job) {
  const auto answer = expected_goodput(job);
  EXPECT_TRUE(answer) << answer.why().detail;
  return *answer;
}

SimulatedGoodput played(const Job& job, std::int64_t samples = 400, std::uint32_t seed = 7) {
  const auto answer = simulate_goodput(job, {.samples = samples, .seed = seed, .threads = 2});
  EXPECT_TRUE(answer) << answer.why().detail;
  return *answer;
}

TEST(ExpectedGoodput, IsTheExactFormForOneClassAndStorageAlone) {
  const Job job = plain_job(3.093, 0.1, 0.5, 0.02);
  const double exact = exact_effective({hours(3.093), hours(0.5), hours(0.02), hours(0.1), {}});
  EXPECT_NEAR(expected(job).effective, exact, 1e-12);
}

TEST(ExpectedGoodput, OfAJobThatNeverFailsLosesOnlyItsWrites) {
  Job job = plain_job(3, 0.1, 0.5, 0.02);
  job.failures.clear();
  const Goodput goodput = expected(job);
  EXPECT_NEAR(goodput.effective, 1 / (1 + 0.02 / 0.5), 1e-12);
  EXPECT_EQ(goodput.shares.lost, 0);
  EXPECT_EQ(goodput.shares.restart, 0);
  EXPECT_EQ(played(job, 3).shares.lost, 0);
}

TEST(ExpectedGoodput, TakesTheIntervalOfLeastTime) {
  Job job = plain_job(1.8, 0.0833, 0.4, 0.0833);
  job.checkpoints.interval.reset();
  const Goodput best = expected(job);
  EXPECT_TRUE(best.interval_best);
  EXPECT_NEAR(best.interval / hours(1), 0.49355, 1e-4);
  for (const double factor : {0.8, 0.99, 1.01, 1.25}) {
    job.checkpoints.interval = best.interval * factor;
    EXPECT_LT(expected(job).effective, best.effective);
  }
}

TEST(ExpectedGoodput, SharesAddUpToOne) {
  Job job = plain_job(3, 0.1, 0.5, 0.02);
  for (const bool memory : {false, true}) {
    if (memory) job.checkpoints.memory = {.interval = hours(0.05), .blocking = hours(0.001), .load = hours(0.01)};
    job.spares = SparePool{.hot = 8, .warm = 2};
    job.failures[0].node_lost = 0.7;
    job.planned = {1.0 / hours(100), hours(0.3)};
    EXPECT_NEAR(expected(job).shares.sum(), 1.0, 1e-9);
    EXPECT_LT(played(job, 50).balance_error, 1e-9);
  }
}

TEST(ExpectedGoodput, IsRefusedWhereARestartOutlastsTheTimeBetweenFailures) {
  const auto answer = expected_goodput(plain_job(0.5, 0.6, 0.2, 0.01));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.why().reason, "restart");
  EXPECT_NE(answer.why().detail.find("30 min"), std::string::npos) << answer.why().detail;
  EXPECT_FALSE(simulate_goodput(plain_job(0.5, 0.6, 0.2, 0.01), {}));
}

TEST(ExpectedGoodput, IsRefusedWhereNoIntervalIsBest) {
  Job job = plain_job(3, 0.1, 0.5, 0.0);
  job.checkpoints.interval.reset();
  ASSERT_FALSE(expected_goodput(job));
  EXPECT_EQ(expected_goodput(job).why().reason, "interval");
}

TEST(ExpectedGoodput, IsRefusedWhereAnUploadOutlastsTheInterval) {
  Job job = plain_job(3, 0.1, 0.5, 0.01);
  job.checkpoints.lag = hours(0.6);
  ASSERT_FALSE(expected_goodput(job));
  EXPECT_EQ(expected_goodput(job).why().reason, "upload");
}

TEST(ExpectedGoodput, NeverRisesWithFailuresRestartsAndWrites) {
  const Job job = plain_job(3, 0.1, 0.5, 0.02);
  const double usual = expected(job).effective;
  const auto changed = [&](auto change) {
    Job other = job;
    change(other);
    return expected(other).effective;
  };
  EXPECT_LT(changed([](Job& one) { one.failures[0].rate *= 1.01; }), usual);
  EXPECT_LT(changed([](Job& one) { one.restart.load *= 1.01; }), usual);
  EXPECT_LT(changed([](Job& one) { one.checkpoints.blocking *= 1.01; }), usual);
  EXPECT_LT(changed([](Job& one) { one.checkpoints.lag = hours(0.01); }), usual);
}

TEST(ExpectedGoodput, NeverFallsWithSpares) {
  Job job = plain_job(3, 0.1, 0.5, 0.02);
  job.failures[0].node_lost = 1;
  job.restart.image = hours(0.1);
  double before = 0;
  for (const std::int64_t hot : {0, 1, 2, 4, 6, 8, 10, 20, 40}) {
    job.spares = SparePool{.hot = hot, .warm = 0};
    const double effective = expected(job).effective;
    EXPECT_GE(effective, before) << hot;
    before = effective;
  }
}

TEST(SimulatedGoodput, AgreesWithTheClosedFormFromHalfAnHourToAThousand) {
  for (const double mtti : {0.5, 1.0, 3.0, 10.0, 100.0, 1000.0}) {
    Job job = plain_job(mtti, 0.08, 0.3, 0.02);
    job.checkpoints.interval.reset();
    EXPECT_NEAR(played(job).effective / expected(job).effective, 1, 0.005) << "synchronous, " << mtti;
    job.checkpoints.lag = hours(0.05);
    job.checkpoints.blocking = hours(0.005);
    EXPECT_NEAR(played(job).effective / expected(job).effective, 1, 0.005) << "asynchronous, " << mtti;
    job.checkpoints.memory = {.interval = {}, .blocking = hours(0.0005), .load = hours(0.01), .peers_apart = false};
    job.failures.push_back(job.failures[0]);
    job.failures[1].rate *= 0.1;
    job.failures[1].nodes_hit = 8;
    job.failures[1].node_lost = 1;
    EXPECT_NEAR(played(job).effective / expected(job).effective, 1, 0.005) << "tiered, " << mtti;
    job.checkpoints.memory.reset();
    job.elastic = Elastic{.replicas = 64, .stall = hours(0.01)};
    EXPECT_NEAR(played(job).effective / expected(job).effective, 1, 0.005) << "elastic, " << mtti;
  }
}

TEST(SimulatedGoodput, GivesTheStandardCasesWithinThreeTenthsOfAPercent) {
  EXPECT_NEAR(played(plain_job(3.093, 0.1, 0.5, 0.02)).effective, 0.85488, 0.003 * 0.85488);
  EXPECT_NEAR(played(plain_job(1.8, 0.0833, 0.4, 0.0833)).effective, 0.68887, 0.003 * 0.68887);
  EXPECT_NEAR(played(plain_job(24, 0.5, 2, 0.1)).effective, 0.89253, 0.003 * 0.89253);
  EXPECT_NEAR(played(plain_job(1, 0.2, 0.3, 0.1)).effective, 0.49940, 0.003 * 0.49940);
}

TEST(SimulatedGoodput, WaitsForRepairsAsTheStationaryLawSays) {
  // Light tails and 200 repairs' time: what is left of the start, when all spares are up, is below the error.
  Job job = plain_job(3.093, 0.1, 0.5, 0.02);
  job.failures[0].node_lost = 0.5;
  job.failures[0].repair = {hours(100), hours(101)};
  job.restart.drain = hours(0.05);
  job.restart.image = hours(0.1);
  job.productive = hours(20000);
  job.spares = SparePool{.hot = 10, .warm = 8};
  const Goodput closed = expected(job);
  const SimulatedGoodput simulated = played(job, 200);
  EXPECT_GT(closed.shares.wait, 0.05);
  EXPECT_NEAR(simulated.shares.wait, closed.shares.wait, 0.003);
  EXPECT_NEAR(simulated.effective / closed.effective, 1, 0.005);
}

TEST(SimulatedGoodput, IsTheSameForAnyNumberOfThreads) {
  Job job = plain_job(3.093, 0.1, 0.5, 0.02);
  job.failures[0].node_lost = 0.5;
  job.failures[0].repair = {hours(20), hours(130)};
  job.spares = SparePool{.hot = 4, .warm = 2};
  job.spread = {.low = 0.6, .mode = 1, .high = 3};
  const auto one = simulate_goodput(job, {.samples = 333, .seed = 3, .threads = 1});
  const auto many = simulate_goodput(job, {.samples = 333, .seed = 3, .threads = 5});
  EXPECT_EQ(one->effective, many->effective);
  EXPECT_EQ(one->wall.p99, many->wall.p99);
  EXPECT_EQ(one->effectives, many->effectives);
}

TEST(SimulatedGoodput, HoldsTheClosedFormInItsIntervalForNineteenSeedsOfTwenty) {
  const Job job = plain_job(3.093, 0.1, 0.5, 0.02);
  const double exact = expected(job).effective;
  int inside = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    const SimulatedGoodput one = played(job, 40, seed);
    inside += std::fabs(one.effective - exact) <= 1.96 * one.effective_error;
  }
  EXPECT_GE(inside, 184);  // 92 %
  EXPECT_LE(inside, 198);  // a 95 % interval that always holds is too wide
}

TEST(Regimes, AreMetInTurn) {
  // Twice the rate for the first 500 h, then the usual.
  Job job = plain_job(3.093, 0.1, 0.5, 0.02);
  job.productive = hours(1296);
  job.regimes = {{hours(500), 2.0}};
  const Goodput closed = expected(job);
  EXPECT_NEAR(played(job, 1000).effective / closed.effective, 1, 0.002);
  EXPECT_NEAR(played(job, 1000).interruptions / closed.interruptions, 1, 0.01);
  Job usual = job;
  usual.regimes.clear();
  EXPECT_LT(closed.effective, expected(usual).effective);
}

TEST(RateSpread, WidensTheDaysToFinish) {
  Job job = plain_job(3.093, 0.1, 0.5, 0.02);
  job.productive = hours(1000);
  const SimulatedGoodput exact = played(job);
  job.spread = {.low = 0.6, .mode = 1, .high = 3};
  const SimulatedGoodput spread = played(job);
  EXPECT_GT(spread.wall.p90 / spread.wall.p50, exact.wall.p90 / exact.wall.p50);
  EXPECT_LE(spread.effective_quantiles.p1, spread.effective_quantiles.p50);
}

TEST(Unnoticed, SpoiledWorkIsLost) {
  Job job = plain_job(24, 0.1, 0.5, 0.02);
  job.failures[0].unnoticed = hours(2);
  EXPECT_GT(expected(job).shares.lost, 2.0 / 24 * 0.8);
  EXPECT_NEAR(played(job).effective / expected(job).effective, 1, 0.005);
}

TEST(MemoryCopies, LostWithBothPeersOnly) {
  const Job job = plain_job(3, 0.1, 0.5, 0.02);
  Job apart = job, neighbours = job;
  apart.checkpoints.memory = {.interval = hours(0.02), .blocking = hours(0.0005), .load = hours(0.1)};
  apart.failures[0].node_lost = 1;
  apart.failures[0].nodes_hit = 8;
  neighbours = apart;
  neighbours.checkpoints.memory->peers_apart = false;
  EXPECT_GT(expected(apart).effective, expected(job).effective);
  EXPECT_LT(expected(neighbours).effective, expected(apart).effective);
}

}  // namespace
}  // namespace socle::reliability
