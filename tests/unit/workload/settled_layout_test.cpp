#include <gtest/gtest.h>

#include "socle/workload/partial_layout.hpp"

namespace socle::workload {
namespace {

TEST(SettledLayout, TakesTwoChunksOfZbVAsWhatItIs) {
  PartialLayout layout;
  layout.schedule = Schedule::kZbV;
  layout.virtual_pipeline = 2;
  EXPECT_EQ(settled(layout).virtual_pipeline, 1);
  layout.virtual_pipeline = 4;
  EXPECT_EQ(settled(layout).virtual_pipeline, 4);  // which is refused
}

TEST(SettledLayout, HidesTheExchangeOfExpertsUnderDualPipeUnlessToldNotTo) {
  PartialLayout layout;
  layout.schedule = Schedule::kDualPipe;
  EXPECT_EQ(settled(layout).overlap_expert_parallel, true);
  layout.overlap_expert_parallel = false;
  EXPECT_EQ(settled(layout).overlap_expert_parallel, false);
  layout.overlap_expert_parallel.reset();
  layout.schedule = Schedule::kInterleaved;
  EXPECT_FALSE(settled(layout).overlap_expert_parallel);
}

}  // namespace
}  // namespace socle::workload
