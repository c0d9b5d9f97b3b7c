#include "socle/memory/footprint.hpp"

#include <gtest/gtest.h>

namespace socle::memory {
namespace {

using workload::Layout;
using workload::Sharding;

// One billion parameters on the rank; Adam in mixed precision: 2 bytes of weight, 4 of gradient, 12 of optimizer.
constexpr StageParameters kDense{.dense = 1e9, .largest_layer = 1e8};
constexpr StateBytes kMixed{};

struct Case {
  Sharding sharding;
  double weights, gradients, optimizer;  ///< GB
};

TEST(States, ShrinkStageByStage) {
  // 8 replicas: ZeRO-1 shards 12 of 18 bytes, ZeRO-2 16 of 18, ZeRO-3 all (Rajbhandari et al. 2019, figure 1).
  for (const Case& c : {Case{Sharding::kNone, 2, 4, 12},
                        {Sharding::kZero1, 2, 4, 1.5},
                        {Sharding::kZero2, 2, 0.5, 1.5},
                        {Sharding::kZero3, 0.25, 0.5, 1.5}}) {
    const StageMemory m = state_memory(kDense, kMixed, Layout{.data_parallel = 8, .sharding = c.sharding});
    EXPECT_DOUBLE_EQ(m.weights.value(), c.weights * 1e9);
    EXPECT_DOUBLE_EQ(m.gradients.value(), c.gradients * 1e9);
    EXPECT_DOUBLE_EQ(m.optimizer.value(), c.optimizer * 1e9);
  }
}

TEST(States, GatherTwoLayersAndOneGradientUnderZero3) {
  // Two layers of 1e8 parameters at 2 bytes and one layer's gradient at 2.
  const StageMemory m = state_memory(kDense, kMixed, Layout{.data_parallel = 8, .sharding = Sharding::kZero3});
  EXPECT_DOUBLE_EQ(m.buffers.value(), (2 * 2 + 2) * 1e8);
  EXPECT_EQ(state_memory(kDense, kMixed, Layout{.data_parallel = 8, .sharding = Sharding::kZero1}).buffers, Bytes{});
}

TEST(States, AreShardedOverContextRanksToo) {
  const Layout by_data{.data_parallel = 8, .sharding = Sharding::kZero1};
  const Layout by_both{.context_parallel = 4, .data_parallel = 2, .sharding = Sharding::kZero1};
  EXPECT_EQ(state_memory(kDense, kMixed, by_both).optimizer, state_memory(kDense, kMixed, by_data).optimizer);
}

TEST(States, OfHybridShardingAreSharedByTheShardOnly) {
  // 64 replicas, copies within 8 ranks: an eighth.
  const Layout layout{.data_parallel = 64, .sharding = Sharding::kZero3, .shard_size = 8};
  EXPECT_DOUBLE_EQ(state_memory(kDense, kMixed, layout).weights.value(), 2e9 / 8);
}

TEST(States, OfExpertsAreShardedOverTheRanksThatHoldTheSameExperts) {
  // tp 2, dp 16, ep 8: the 32 ranks of the stage hold each expert 32 / 8 = 4 times; dense weights 16 times.
  const StageParameters both{.dense = 1e9, .experts = 4e9};
  const Layout layout{.tensor_parallel = 2, .expert_parallel = 8, .data_parallel = 16, .sharding = Sharding::kZero1};
  EXPECT_DOUBLE_EQ(state_memory(both, kMixed, layout).optimizer.value(), 12 * (1e9 / 16 + 4e9 / 4));
  // Experts cut by tensor too: 2 copies more of ranks are taken by etp 2.
  Layout cut = layout;
  cut.expert_tensor_parallel = 2;
  EXPECT_DOUBLE_EQ(state_memory(both, kMixed, cut).optimizer.value(), 12 * (1e9 / 16 + 4e9 / 2));
}

TEST(States, OfExpertsOnAllRanksAreNotSharded) {
  const StageParameters experts{.experts = 1e9};
  const Layout layout{.expert_parallel = 16, .data_parallel = 16, .sharding = Sharding::kZero3};
  EXPECT_DOUBLE_EQ(state_memory(experts, kMixed, layout).weights.value(), 2e9);
}

TEST(States, OfLoraBelongToTheAdapters) {
  // 1 % trains: gradients 4 and optimizer 12 bytes of 1e7 parameters, weights of all.
  StageParameters lora = kDense;
  lora.trained_share = 0.01;
  const StageMemory m = state_memory(lora, kMixed, Layout{});
  EXPECT_DOUBLE_EQ(m.weights.value(), 2e9);
  EXPECT_DOUBLE_EQ(m.gradients.value(), 4e7);
  EXPECT_DOUBLE_EQ(m.optimizer.value(), 12e7);
}

TEST(States, OffTheChipTakeNoMemoryOfIt) {
  const StageMemory m = state_memory(kDense, kMixed, Layout{.offload_optimizer = true});
  EXPECT_EQ(m.optimizer, Bytes{});
  EXPECT_DOUBLE_EQ(m.total().value(), 6e9);
}

TEST(States, NeverGrowWithMoreReplicas) {
  const StageParameters both{.dense = 1e9, .experts = 4e9};
  for (const Sharding sharding : {Sharding::kNone, Sharding::kZero1, Sharding::kZero2, Sharding::kZero3}) {
    Bytes before = Bytes{1e18};
    for (int dp = 8; dp <= 1024; dp *= 2) {
      const Bytes now =
          state_memory(both, kMixed, Layout{.expert_parallel = 8, .data_parallel = dp, .sharding = sharding}).total();
      EXPECT_LE(now, before) << dp;
      before = now;
    }
  }
}

}  // namespace
}  // namespace socle::memory
