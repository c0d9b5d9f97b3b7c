#include "socle/reliability/rollout.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace socle::reliability {
namespace {

constexpr Seconds minutes(double count) { return Seconds{count * 60}; }

TEST(Exposure, AtOnceIsTheWholeFleetUntilItIsBack) {
  const Exposure found = exposure({.stages = {{1.0, {}}}, .detect = minutes(10), .rollback = minutes(15)});
  EXPECT_NEAR(found.share, 1, 1e-12);
  EXPECT_NEAR(found.share_time / minutes(1), 25, 1e-9);
}

TEST(Exposure, IsTheStagesThatBeganBeforeItWasNoticed) {
  // 1 %, 9 %, 90 % every 6 minutes, noticed after 10: two stages; 0.01 x 25 + 0.09 x 19 = 1.96 fleet-minutes.
  const Exposure found =
      exposure({.stages = stages_of({0.01, 0.09, 0.9}, minutes(6)), .detect = minutes(10), .rollback = minutes(15)});
  EXPECT_EQ(found.stages, 2);
  EXPECT_NEAR(found.share, 0.10, 1e-12);
  EXPECT_NEAR(found.share_time / minutes(1), 1.96, 1e-9);
  EXPECT_NEAR(found.bad / minutes(1), 25, 1e-9);
}

TEST(Exposure, CountsFromWhenItCanBeSeen) {
  // 1 % does not show it: detection counts from the second stage, so that the bad time is 6 + 10 + 15 minutes.
  const Exposure found = exposure({.stages = stages_of({0.01, 0.09, 0.9}, minutes(6)),
                                   .detect = minutes(5),
                                   .rollback = minutes(15),
                                   .visible = 0.05});
  EXPECT_EQ(found.stages, 2);
  EXPECT_NEAR(found.bad / minutes(1), 26, 1e-9);
}

TEST(PlanRollout, KeepsItsLimitAndIsAsQuickAsItCan) {
  Seconds before{1e12};
  for (const double most : {0.3, 1.0, 3.0, 25.0}) {
    const RolloutPlan plan = plan_rollout(minutes(10), minutes(15), 0.01, minutes(most));
    EXPECT_LE(plan.exposure.share_time / minutes(1), most + 1e-9);
    const double sum = std::accumulate(plan.rollout.stages.begin(), plan.rollout.stages.end(), 0.0,
                                       [](double all, const RolloutStage& one) { return all + one.share; });
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_LE(plan.length, before);  // what may cost more goes no slower
    before = plan.length;
  }
  EXPECT_EQ(plan_rollout(minutes(10), minutes(15), 0.01, minutes(25)).rollout.stages.size(), 1u);
}

TEST(PlanRollout, GivesTheLeastWhereNoneKeepsTheLimit) {
  EXPECT_GT(plan_rollout(minutes(10), minutes(15), 0.01, Seconds{}).exposure.share_time, Seconds{});
}

TEST(RollingUpgrade, GoesWaveByWave) {
  const RollingUpgrade found = rolling_upgrade(130, 8, minutes(5));
  EXPECT_EQ(found.waves, 17);
  EXPECT_NEAR(found.length / minutes(1), 85, 1e-9);
}

}  // namespace
}  // namespace socle::reliability
