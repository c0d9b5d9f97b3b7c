#include "socle/train/shard_traffic.hpp"

#include <gtest/gtest.h>

#include "socle/train/communication_time.hpp"
#include "socle/train/step.hpp"
#include "support/test_machine.hpp"

namespace socle::train {
namespace {

using workload::Layout;
using workload::Sharding;

constexpr double kMillion = 1e6;
const LayerParameters kLayer{.dense = 200 * kMillion, .experts = 0, .trained = 200 * kMillion};

machine::Machine h100(bool fully_shard) {
  return test::machine_with("h100-sxm", "pytorch-fsdp2-2025", [&](catalog::Stack& s) {
    s.fully_shard = fully_shard;
    s.data_hidden = 0.0;
    s.host_shard = Seconds{2e-3};
    s.reduce_bytes = 4;
  });
}

// A layer whose passes take 3 and 6 ms.
LayerCost layer() {
  LayerCost cost;
  cost.forward[Part::kGemm] = Seconds{3e-3};
  cost.backward[Part::kGemm] = Seconds{6e-3};
  return cost;
}

Layout over(int ranks) { return {.data_parallel = ranks, .sharding = Sharding::kZero3}; }

Seconds moved(double bytes_per_parameter) {
  return h100(true).kernels().memory_time(Bytes{kLayer.dense * bytes_per_parameter}).time;
}

TEST(ShardTraffic, CopiesInAndOutOfTheBuffersOfFullyShard) {
  const ShardTraffic plain = shard_traffic(kLayer, layer(), {}, over(8), h100(false));
  const ShardTraffic copied = shard_traffic(kLayer, layer(), {}, over(8), h100(true));
  EXPECT_EQ(copied.forward[Part::kDataComm], plain.forward[Part::kDataComm]);
  EXPECT_EQ(plain.forward[Part::kElementwise], Seconds{});
  EXPECT_EQ(plain.backward[Part::kHost], Seconds{});
  // In: 4 bytes read and 2 written of each of 8 shards; out: 2 read and 2 written whole.
  EXPECT_NEAR(copied.forward[Part::kElementwise] / moved(6.0 / 8 + 4.0), 1.0, 0.01);
  // Gradients: 2 read and 4 written whole, 12 of each shard.
  EXPECT_NEAR(copied.backward[Part::kElementwise] / (moved(6.0 / 8 + 4.0) + moved(6.0 + 12.0 / 8)), 1.0, 0.01);
}

TEST(ShardTraffic, OneRankCopiesWhatOthersSend) {
  const ShardTraffic alone = shard_traffic(kLayer, layer(), {}, over(1), h100(true));
  EXPECT_EQ(alone.forward[Part::kDataComm], Seconds{});
  EXPECT_NEAR(alone.forward[Part::kElementwise] / moved(6.0 + 8.0), 1.0, 0.01);
  EXPECT_NEAR(alone.backward[Part::kElementwise] / moved(14.0 + 14.0 + 12.0), 1.0, 0.01);
}

TEST(ShardTraffic, AFrozenBaseIsCopiedAsItIsHeld) {
  LayerParameters frozen = kLayer;
  frozen.trained = 0;
  workload::TrainingJob job;
  job.lora = true;
  const ShardTraffic copied = shard_traffic(frozen, layer(), job, over(8), h100(true));
  EXPECT_NEAR(copied.forward[Part::kElementwise] / moved(4.0 / 8 + 4.0), 1.0, 0.01);
  EXPECT_NEAR(copied.backward[Part::kElementwise] / moved(4.0 / 8 + 4.0), 1.0, 0.01);  // no gradients
}

TEST(ShardTraffic, TheHostCallsOnceForEveryGatherAndReduction) {
  const auto host = [](const Layout& layout) {
    return shard_traffic(kLayer, layer(), {}, layout, h100(true)).backward[Part::kHost];
  };
  const Seconds device = layer().backward.total();
  EXPECT_NEAR(host(over(8)) / (joined(device, Seconds{4e-3}) - device), 1.0, 1e-12);
  Layout deferred = over(8);
  deferred.defer_grad_reduce = true;
  EXPECT_NEAR(host(deferred) / (joined(device, Seconds{2e-3}) - device), 1.0, 1e-12);
  deferred.reshard_after_forward = false;
  EXPECT_EQ(host(deferred), Seconds{});
}

TEST(ShardTraffic, IsNothingWhereAPipelineGathersOnceAStep) {
  Layout layout = over(8);
  layout.pipeline_parallel = 2;
  layout.reshard_after_forward = false;
  const ShardTraffic none = shard_traffic(kLayer, layer(), {}, layout, h100(true));
  EXPECT_EQ(none.forward.total() + none.backward.total(), Seconds{});
}

}  // namespace
}  // namespace socle::train
