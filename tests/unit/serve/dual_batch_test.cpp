#include "socle/serve/step_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "socle/machine/machine_builder.hpp"
#include "socle/setup/model_catalog.hpp"

// Steps of wide expert parallelism in one batch and in two halves.
namespace socle::serve {
namespace {

/// DeepSeek-V3 over 16 H100 with NICs of so many bytes a second.
class Wide {
 public:
  Wide(double nic, bool dual_batch)
      : machine_(machines_.build({.chip = "h100-sxm", .nic_per_chip = BytesPerSecond{nic}}, catalog::Stack{})),
        costs_({.model = setup::load_model(catalog_, "deepseek-v3"),
                .layout = {.data_parallel = 16, .expert_parallel = 16},
                .dual_batch = dual_batch},
               machine_, machines_.serving_kernels("h100-sxm")),
        timer_(costs_, {}) {}

  StepTime decode(std::int64_t sequences, std::int64_t context16) {
    const LaneStep lane{.decoding = sequences, .context16 = context16, .growth16 = 16 * sequences};
    return timer_.time(std::vector<LaneStep>(16, lane));
  }
  const StepCosts& costs() const { return costs_; }

 private:
  catalog::Catalog catalog_;
  machine::MachineBuilder machines_{catalog_};
  machine::Machine machine_;
  StepCosts costs_;
  StepModel timer_;
};

TEST(DualBatch, ARunOfStepsIsTheSumOfItsSteps) {
  for (const bool dual_batch : {false, true}) {
    for (const double nic : {50e9, 0.5e9}) {  // compute is longer, or the exchanges
      Wide wide(nic, dual_batch);
      std::int64_t context = 16 * 64 * 1000;
      for (int run = 0; run < 5; ++run) {
        const StepTime time = wide.decode(64, context);
        for (std::int64_t i = 0; i < std::min<std::int64_t>(time.steps, 200); ++i)
          ASSERT_EQ(wide.decode(64, context + i * 16 * 64).first, time.first + i * time.growth)
              << "dual " << dual_batch << " nic " << nic << " run " << run << " step " << i;
        context += std::min<std::int64_t>(time.steps, 1'000'000) * 16 * 64;
      }
    }
  }
}

TEST(DualBatch, OfTwoHalvesTheLongerPartCounts) {
  // 64 sequences a lane, 32 a half. With slow NICs a step is its exchanges, whatever the context.
  Wide slow(0.5e9, true);
  const Picoseconds exchanges = 2 * net::to_picoseconds(slow.costs().exchanges(32));
  EXPECT_EQ(slow.decode(64, 16 * 64 * 1000).first, exchanges);
  EXPECT_EQ(slow.decode(64, 16 * 64 * 1000).growth, 0);
  // With quick ones it is two halves of compute, and the exchanges are not seen.
  Wide quick(400e9, true), whole(400e9, false);
  const Picoseconds step = quick.decode(64, 16 * 64 * 4000).first;
  const StepCosts& costs = quick.costs();
  const Picoseconds halves = 2 * net::to_picoseconds(costs.matrices(32) + costs.expert_kernels(32 * 16) +
                                                     costs.head(32) + costs.decode_attention(32, 4001));
  EXPECT_NEAR(static_cast<double>(step) / static_cast<double>(halves), 1.0, 0.001);  // attention by nodes
  EXPECT_GT(whole.decode(64, 16 * 64 * 4000).growth, 0);
}

}  // namespace
}  // namespace socle::serve
