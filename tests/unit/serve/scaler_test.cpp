#include "socle/serve/scaler.hpp"

#include <gtest/gtest.h>

namespace socle::serve {
namespace {

constexpr Picoseconds kSecond = 1'000'000'000'000;

TEST(ReactiveScaler, WantsReplicasInTheRatioOfLoadAndTarget) {
  ReactiveScaler scaler(10);
  EXPECT_EQ(scaler.wanted({.now = 0, .ready = 2, .starting = 0, .requests = 45}), 5);
}

TEST(ReactiveScaler, LeavesAFleetAloneThatIsWithinATenthOfItsTarget) {
  ReactiveScaler scaler(10);
  EXPECT_EQ(scaler.wanted({.now = 0, .ready = 2, .starting = 0, .requests = 21}), 2);
  EXPECT_EQ(scaler.wanted({.now = 0, .ready = 2, .starting = 0, .requests = 23}), 3);
}

TEST(ReactiveScaler, DoesNotOrderTwiceWhatIsStarting) {
  ReactiveScaler scaler(10);
  EXPECT_EQ(scaler.wanted({.now = 0, .ready = 2, .starting = 3, .requests = 45}), 5);
}

TEST(ReactiveScaler, GoesDownOnlyToTheMostOfTheLastFiveMinutes) {
  ReactiveScaler scaler(10);
  EXPECT_EQ(scaler.wanted({.now = 0, .ready = 6, .starting = 0, .requests = 60}), 6);
  EXPECT_EQ(scaler.wanted({.now = 15 * kSecond, .ready = 6, .starting = 0, .requests = 5}), 6);
  EXPECT_EQ(scaler.wanted({.now = 300 * kSecond, .ready = 6, .starting = 0, .requests = 35}), 6);
  EXPECT_EQ(scaler.wanted({.now = 301 * kSecond, .ready = 6, .starting = 0, .requests = 5}), 4);
}

TEST(ReactiveScaler, KeepsOneReplicaWithoutLoad) {
  ReactiveScaler scaler(10);
  EXPECT_EQ(scaler.wanted({.now = 0, .ready = 3, .starting = 0, .requests = 0}), 1);
}

TEST(ForecastScaler, LooksAsFarAheadAsAReplicaTakesToStart) {
  ForecastScaler scaler({1, 1, 4, 2}, 60 * kSecond, 70 * kSecond);
  EXPECT_EQ(scaler.wanted({.now = 0, .ready = 1}), 1);
  EXPECT_EQ(scaler.wanted({.now = 50 * kSecond, .ready = 1}), 4);
  EXPECT_EQ(scaler.wanted({.now = 170 * kSecond, .ready = 4}), 4);
  EXPECT_EQ(scaler.wanted({.now = 180 * kSecond, .ready = 4}), 2);
  EXPECT_EQ(scaler.wanted({.now = 9000 * kSecond, .ready = 4}), 2);
}

TEST(ForecastScaler, StopsNothingThatIsWantedAgainSoon) {
  ForecastScaler scaler({4, 2, 3, 1, 1, 1, 4}, 300 * kSecond, 70 * kSecond);
  EXPECT_EQ(scaler.wanted({.now = 310 * kSecond, .ready = 4}), 3);
  EXPECT_EQ(scaler.wanted({.now = 910 * kSecond, .ready = 3}), 3);  // 4 again at 1,800 s, 890 s ahead
  EXPECT_EQ(scaler.wanted({.now = 880 * kSecond, .ready = 3}), 3);
  EXPECT_EQ(scaler.wanted({.now = 310 * kSecond, .ready = 1}), 2);
}

}  // namespace
}  // namespace socle::serve
