#include "socle/base/tail_mean.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "socle/base/random.hpp"

namespace socle {
namespace {

/// t + E[max(0, loss - t)] / (1 - level), whose minimum over t is the tail's mean.
double bound_at(const std::vector<Outcome>& outcomes, double level, double t) {
  double beyond = 0, sum = 0;
  for (const Outcome& outcome : outcomes) {
    beyond += outcome.share * std::max(0.0, outcome.loss - t);
    sum += outcome.share;
  }
  return t + beyond / sum / (1 - level);
}

TEST(TailMean, IsTheMeanOfTheWorstShare) {
  // 0 to 9, each as likely: the worst fifth are 8 and 9, mean 8.5; any loss from 7 to 8 is the edge.
  std::vector<Outcome> outcomes;
  std::vector<double> losses;
  for (int loss = 0; loss < 10; ++loss) {
    outcomes.push_back({static_cast<double>(loss), 0.1});
    losses.push_back(loss);
  }
  EXPECT_NEAR(tail_mean(outcomes, 0.8), 8.5, 1e-9);
  EXPECT_NEAR(tail_mean(losses, 0.8), 8.5, 1e-9);
  EXPECT_GE(loss_at(outcomes, 0.8), 7);
  EXPECT_LE(loss_at(outcomes, 0.8), 8);
  EXPECT_NEAR(bound_at(outcomes, 0.8, 7), 8.5, 1e-9);
  EXPECT_NEAR(bound_at(outcomes, 0.8, 8), 8.5, 1e-9);
}

TEST(TailMean, SplitsTheOutcomeAtTheEdge) {
  // Worst tenth of (100 with 4 %, 10 with 96 %): 4 % of 100 and 6 % of 10, over 10 %: 46.
  EXPECT_NEAR(tail_mean(std::vector<Outcome>{{10, 0.96}, {100, 0.04}}, 0.9), 46, 1e-9);
  EXPECT_EQ(loss_at({{10, 0.96}, {100, 0.04}}, 0.9), 10);
}

TEST(TailMean, OfEverythingIsTheMean) {
  EXPECT_NEAR(tail_mean(std::vector<Outcome>{{1, 1}, {2, 1}, {6, 2}}, 0), 15.0 / 4, 1e-12);
}

TEST(TailMean, OfOneSureOutcomeIsThatOutcome) { EXPECT_DOUBLE_EQ(tail_mean(std::vector<Outcome>{{7, 1}}, 0.95), 7); }

TEST(TailMean, IsTheLeastOfItsBounds) {
  const RandomStream stream(3, 1);
  for (std::uint64_t round = 0; round < 50; ++round) {
    std::vector<Outcome> outcomes;
    for (std::uint64_t i = 0; i < 12; ++i)
      outcomes.push_back({stream.uniform(2 * i, round) * 100, stream.uniform(2 * i + 1, round)});
    for (const double level : {0.0, 0.3, 0.9, 0.99}) {
      double least = std::numeric_limits<double>::max();
      for (const Outcome& outcome : outcomes) least = std::min(least, bound_at(outcomes, level, outcome.loss));
      EXPECT_NEAR(tail_mean(outcomes, level), least, 1e-9);
      EXPECT_NEAR(bound_at(outcomes, level, loss_at(outcomes, level)), least, 1e-9);
    }
  }
}

TEST(TailMeanDeathTest, NeedsOutcomes) { EXPECT_DEATH(tail_mean(std::vector<Outcome>{}, 0.9), "possible"); }

}  // namespace
}  // namespace socle
