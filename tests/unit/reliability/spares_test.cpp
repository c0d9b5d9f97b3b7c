#include "socle/reliability/spares.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace socle::reliability {
namespace {

TEST(Spares, BinomialQuantilesOfFourHundredNodes) {
  // Unavailability 2.3222 %.
  EXPECT_EQ(binomial_quantile(400, 0.023222, 0.5), 9);
  EXPECT_EQ(binomial_quantile(400, 0.023222, 0.9), 13);
  EXPECT_EQ(binomial_quantile(400, 0.023222, 0.99), 17);
  EXPECT_EQ(binomial_quantile(400, 0.023222, 0.999), 20);
}

TEST(Spares, ARateThatDriftsNeedsNearlyTwiceTheSparesOfItsMean) {
  // Six windows of 58 days of one trace had 5.3, 23.0, 6.7, 7.5, 9.3 and 3.9 of 400 nodes down on average, 9.3 over
  // all; replayed, its P99 is 31.
  std::vector<DownRegime> windows;
  double mean = 0;
  for (const double down : {5.3, 23.0, 6.7, 7.5, 9.3, 3.9}) {
    windows.push_back({1.0 / 6, down / 400});
    mean += down / 6;
  }
  EXPECT_NEAR(mean, 9.26, 0.05);
  const auto within_one = [&](double level, int replayed) {
    EXPECT_NEAR(static_cast<double>(down_quantile(400, windows, level)), replayed, 1) << level;
  };
  within_one(0.5, 7);
  within_one(0.9, 22);
  within_one(0.99, 31);
  // Windows are long: their own mixture has a longer end, 35 where the replay has 33 and at most 35.
  EXPECT_EQ(down_quantile(400, windows, 0.999), 35);
  EXPECT_EQ(down_quantile(400, {{1.0, 0.023222}}, 0.99), 17);
}

TEST(Spares, PoissonStandbysAtP99) {
  // Four standbys are enough at P99 for a mean of at most 1.279, 0.125 % of 1,024.
  EXPECT_NEAR(poisson_mean_within(4, 0.99), 1.279, 1e-3);
  EXPECT_NEAR(poisson_mean_within(4, 0.99) / 1024, 0.00125, 1e-5);
  EXPECT_EQ(poisson_quantile(1.279, 0.99), 4);
  EXPECT_EQ(poisson_quantile(0, 0.99), 0);
}

TEST(Spares, CubesOfASuperpodNeedTheirAvailability) {
  // 130 of 144 cubes up with 95 %.
  EXPECT_NEAR(availability_needed(144, 130, 0.95), 0.93469, 1e-4);
}

TEST(Spares, ShorterRecoveryNeedsFewer) {
  // 608 chips that fail once in 40 days each and are back after 2.2 h, or after 5 minutes.
  const double rate = 1.0 / (40 * 86400);
  const auto slow = binomial_quantile(608, unavailability(rate, Seconds{2.2 * 3600}), 0.999);
  const auto fast = binomial_quantile(608, unavailability(rate, Seconds{300}), 0.999);
  EXPECT_GE(slow, 2 * fast);
}

TEST(Spares, DownWhileNeededIsADistributionCutBehindTheLastSpare) {
  const std::vector<double> down = down_while_needed(100, 2, 0.01);
  ASSERT_EQ(down.size(), 4u);
  EXPECT_NEAR(std::accumulate(down.begin(), down.end(), 0.0), 1.0, 1e-12);
  // Neighbours stand as the binomial's: P(1) / P(0) = 102 * 0.01 / 0.99.
  EXPECT_NEAR(down[1] / down[0], 102 * 0.01 / 0.99, 1e-9);
  EXPECT_EQ(down_while_needed(100, 2, 0.0)[0], 1.0);
}

TEST(Spares, MeanBeyondFallsToZero) {
  EXPECT_NEAR(mean_down_beyond(10, 0, 0.1), 1.0, 1e-12);
  // 10 parts, one spare: 1 - 1 + P(0) = 0.9^10.
  EXPECT_NEAR(mean_down_beyond(10, 1, 0.1), 0.34867844, 1e-8);
  EXPECT_NEAR(mean_down_beyond(10, 10, 0.1), 0.0, 1e-12);
}

}  // namespace
}  // namespace socle::reliability
