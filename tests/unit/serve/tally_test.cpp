#include "socle/serve/tally.hpp"

#include <gtest/gtest.h>

namespace socle::serve {
namespace {

constexpr Picoseconds kMilli = 1'000'000'000;

TEST(TimeHistogram, ARunOfGrowingTimesIsThatOfEachAlone) {
  // 10, 10.003, 10.006, ... ms, over several bins of 1 %.
  TimeHistogram run, alone;
  run.add(3, 10 * kMilli, 3'000'000, 500);
  for (int i = 0; i < 500; ++i) alone.add(3, 10 * kMilli + i * 3'000'000, 0, 1);
  EXPECT_EQ(run.count(), 1500);
  for (const double q : {0.01, 0.25, 0.5, 0.9, 0.99, 1.0}) EXPECT_EQ(run.quantile(q), alone.quantile(q)) << q;
  EXPECT_NEAR(run.mean().value(), 0.0107485, 1e-9);  // 10 ms + 249.5 x 3 us
  EXPECT_NEAR(alone.mean().value(), run.mean().value(), 1e-12);
}

TEST(TimeHistogram, AQuantileIsAtMostOnePercentAbove) {
  TimeHistogram times;
  for (int i = 1; i <= 1000; ++i) times.add(1, i * kMilli, 0, 1);
  EXPECT_GE(times.quantile(0.5).value(), 0.500);
  EXPECT_LE(times.quantile(0.5).value(), 0.500 * 1.0101);
  EXPECT_EQ(TimeHistogram().quantile(0.5), Seconds{});
}

TEST(Tally, TimePerTokenLeavesTheFirstTokenOut) {
  Tally tally;
  // First token after 100 ms, ten more in 200 ms: 20 ms each.
  tally.done({.input = 5, .output = 11}, {.arrival = 0, .first_token = 100 * kMilli, .last_token = 300 * kMilli});
  EXPECT_FLOAT_EQ(tally.requests().front().ttft, 0.1F);
  EXPECT_FLOAT_EQ(tally.requests().front().tpot, 0.02F);
  EXPECT_FLOAT_EQ(tally.requests().front().e2e, 0.3F);
}

TEST(Tally, TheClientSeesTheEdgeOnceAndOfEachPromptToken) {
  Tally tally({.request = Seconds{0.02}, .prompt_token = Seconds{4e-6}});
  tally.done({.input = 5000, .output = 11}, {.arrival = 0, .first_token = 100 * kMilli, .last_token = 300 * kMilli});
  EXPECT_FLOAT_EQ(tally.requests().front().ttft, 0.14F);
  EXPECT_FLOAT_EQ(tally.requests().front().tpot, 0.02F);
  EXPECT_FLOAT_EQ(tally.requests().front().e2e, 0.34F);
}

}  // namespace
}  // namespace socle::serve
