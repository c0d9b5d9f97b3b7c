#include "socle/answer/serve/chip_pool.hpp"

#include <gtest/gtest.h>

namespace socle::answer {
namespace {

ChipSteps steps(std::initializer_list<std::pair<double, int>> list) {
  ChipSteps all;
  for (const auto& [from, chips] : list) all.push_back({Seconds{from}, chips});
  return all;
}

TEST(ChipPool, WhatSeveralHoldIsAddedAtEveryMoment) {
  const ChipSteps sum = sum_of({steps({{0, 4}, {10, 8}, {30, 4}}), steps({{0, 2}, {10, 6}, {20, 2}})});
  ASSERT_EQ(sum.size(), 4U);
  EXPECT_EQ(sum[0].chips, 6);
  EXPECT_EQ(sum[1].chips, 14);
  EXPECT_EQ(sum[2].chips, 10);
  EXPECT_EQ(sum[3].chips, 6);
  EXPECT_EQ(most_of(sum), 14);
  EXPECT_DOUBLE_EQ(chip_seconds(sum, Seconds{40}), 10 * 6 + 10 * 14 + 10 * 10 + 10 * 6);
  EXPECT_DOUBLE_EQ(time_above(sum, 9, Seconds{40}).value(), 20);
  EXPECT_DOUBLE_EQ(mean_between(sum, Seconds{5}, Seconds{15}), 10);
}

TEST(ChipPool, AJobRunsWheneverAllItsChipsAreFreeForLongerThanARestart) {
  // Of 10 chips: 2 free, 8 free for 100 s, 0 free, 8 free for 30 s, 2 free, 8 free to the end, for 60 s.
  const ChipSteps use = steps({{0, 8}, {50, 2}, {150, 10}, {200, 2}, {230, 8}, {300, 2}});
  const IdleJob job{.name = "", .chips = 8, .step = Seconds{2}, .tokens_per_step = 5, .restart = Seconds{40}};
  const IdleUse idle = idle_use(use, 10, job, Seconds{360});
  EXPECT_EQ(idle.starts, 2);
  EXPECT_DOUBLE_EQ(idle.held.value(), 160);
  EXPECT_DOUBLE_EQ(idle.useful.value(), 80);
  EXPECT_DOUBLE_EQ(idle.tokens, 200);
}

TEST(ChipPool, AChangeThatLeavesEnoughDoesNotStopTheJob) {
  const ChipSteps use = steps({{0, 0}, {50, 1}, {90, 2}});
  const IdleJob job{.name = "", .chips = 8, .step = Seconds{1}, .tokens_per_step = 1, .restart = Seconds{10}};
  const IdleUse idle = idle_use(use, 10, job, Seconds{100});
  EXPECT_EQ(idle.starts, 1);
  EXPECT_DOUBLE_EQ(idle.useful.value(), 90);
}

TEST(ChipPool, AJobThatNeedsMoreThanThereIsNeverStarts) {
  const IdleJob job{.name = "", .chips = 11, .step = Seconds{1}, .tokens_per_step = 1, .restart = {}};
  EXPECT_EQ(idle_use(steps({{0, 0}}), 10, job, Seconds{100}).starts, 0);
}

}  // namespace
}  // namespace socle::answer
