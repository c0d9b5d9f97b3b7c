#include "socle/train/layer_cost.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/train/cost_set.hpp"
#include "support/test_machine.hpp"

namespace socle::train {
namespace {

using model::Recipe;
using workload::Layout;
using workload::TrainingJob;

// GPT-3's block shrunk: h = 2048, 16 heads of 128.
model::Transformer gpt() {
  model::Transformer m;
  m.hidden = 2048;
  m.vocab = 51200;
  model::Layer layer;
  layer.mixer = {.heads = 16, .kv_heads = 16, .head_dim = 128, .v_head_dim = 128};
  layer.feed_forward = {.ffn = 8192, .gated = false};
  m.kinds = {layer};
  m.kind_of_layer = {0};
  return m;
}

LayerCost cost_of(const machine::Machine& machine, const Layout& layout, const TrainingJob& job) {
  const model::Transformer m = gpt();
  return layer_cost(graph::layer_graph(m, m.kinds[0], job, layout, machine.fusion()), machine, job.recipe, layout);
}

TrainingJob job() { return {.sequence_length = 2048, .global_batch = 8}; }

TEST(LayerCost, KeepsWhatKorthikantiCounts) {
  // arXiv 2205.05198, table 2, t = 8 with sequence parallel: s b h (34 / 8 + 5 a s / (8 h)); selective: s b h 34 / 8;
  // full: the input of the layer, 2 s b h / 8.
  const machine::Machine a100 = test::machine_of("a100-sxm-80gb", "megatron-lm-2022");
  const TrainingJob j{.sequence_length = 2048,
                      .global_batch = 8,
                      .recipe = Recipe::kFp16,
                      .attention = workload::AttentionKernel::kUnfused,
                      .dropout = true};
  const Layout layout{.tensor_parallel = 8, .sequence_parallel = true};
  const LayerCost cost = cost_of(a100, layout, j);
  const double sbh = 2048.0 * 2048, scores = 5 * 16 * 2048.0 / 2048;
  EXPECT_NEAR(cost.saved.value(), sbh * (34 + scores) / 8, 1.0);
  EXPECT_NEAR(cost.saved_selective.value(), sbh * 34 / 8, 1.0);
  EXPECT_DOUBLE_EQ(cost_set(gpt(), j, layout, a100).layer_input.value(), 2 * sbh / 8);
  EXPECT_GT(cost.recompute_selective.total(), Seconds{});
  EXPECT_LT(cost.recompute_selective.total(), cost.recompute_full.total());
}

TEST(LayerCost, CostsTwoBackwardProductsForEachForwardOne) {
  const machine::Machine h100 = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  const LayerCost cost = cost_of(h100, {}, job());
  // 12 h^2 weights, 2048 tokens.
  EXPECT_DOUBLE_EQ(cost.linear_forward.value(), 2 * 12 * 2048.0 * 2048 * 2048);
  EXPECT_DOUBLE_EQ(cost.linear_backward / cost.linear_forward, 2);
  EXPECT_GT(cost.weight.total(), Seconds{});
  EXPECT_LT(cost.weight.total(), cost.backward.total());
  // The causal square: 2 (128 + 128) x 16 heads x 2048^2 / 2.
  EXPECT_DOUBLE_EQ(cost.core_causal.value(), 512.0 * 16 * 2048 * 2048 / 2);
  EXPECT_DOUBLE_EQ(cost.core_full / cost.core_causal, 2);
}

TEST(LayerCost, OmitsWeightGradientsOfAFrozenBase) {
  const machine::Machine h100 = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  TrainingJob lora = job();
  lora.lora = true;
  lora.lora_rank = 16;
  const LayerCost cost = cost_of(h100, {}, lora);
  // Base 12 h^2 with one backward product; adapters of rank 16 beside 2048 -> 6144 and 2048 -> 2048 with two.
  const double base = 12 * 2048.0 * 2048, adapters = 16 * (2048.0 + 6144) + 16 * (2048.0 + 2048);
  EXPECT_DOUBLE_EQ(cost.linear_forward.value(), 2 * 2048 * (base + adapters));
  EXPECT_DOUBLE_EQ(cost.linear_backward.value(), 2 * 2048 * (base + 2 * adapters));
  EXPECT_LT(cost.backward.total(), cost_of(h100, {}, job()).backward.total());
}

TEST(LayerCost, NeverBeatsTheDatasheetPeakOfItsFlopsOnAnyStack) {
  // Fitted factors may be below 1: kernel tables hold medians over engines. Together with them no layer may outrun the
  // chip.
  const catalog::Catalog catalog;
  const machine::MachineBuilder machines(catalog);
  for (const catalog::Stack& stack : catalog::load_stacks(catalog)) {
    for (const char* chip : {"a100-sxm-80gb", "h100-sxm", "b200-sxm", "gb300", "mi300x", "ascend-910b3"}) {
      const machine::Machine machine = machines.build({.chip = chip, .nic_per_chip = {}}, stack);
      for (const Recipe recipe : {Recipe::kBf16, Recipe::kFp8, Recipe::kFp32}) {
        TrainingJob j = job();
        j.recipe = recipe;
        const LayerCost cost = cost_of(machine, {.microbatch = 4}, j);
        EXPECT_GT(cost.forward.total(), cost.forward_at_peak) << stack.slug << " on " << chip;
        EXPECT_GT(cost.backward.total(), cost.backward_at_peak) << stack.slug << " on " << chip;
      }
    }
  }
}

TEST(LayerCost, TakesAttentionInTheArithmeticOfTheRecipe) {
  const machine::Machine h100 = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  TrainingJob wide = job();
  wide.recipe = Recipe::kFp32;
  // TF32 has half the rate of bf16.
  EXPECT_NEAR(cost_of(h100, {}, wide).forward[Part::kAttention] / cost_of(h100, {}, job()).forward[Part::kAttention],
              2.0, 0.01);
}

TEST(LayerCost, KeepsNarrowInputsUnderNarrowRecipes) {
  const machine::Machine h100 = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  TrainingJob narrow = job();
  narrow.recipe = Recipe::kFp8;
  // Inputs of the four matrices: normed 2 + 2, attended 2, activated 8 s b h bytes halve.
  const double sbh = 2048.0 * 2048;
  EXPECT_NEAR((cost_of(h100, {}, job()).saved - cost_of(h100, {}, narrow).saved).value(), sbh * 14 / 2, 1.0);
}

TEST(LayerCost, HidesItsShareOfTensorParallelTraffic) {
  const machine::Machine h100 = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  const Layout open{.tensor_parallel = 4, .sequence_parallel = true};
  Layout covered = open;
  covered.overlap_tensor_parallel = true;
  const double hidden = h100.stack().tensor_hidden;
  const Seconds shown = cost_of(h100, open, job()).forward[Part::kTensorComm];
  EXPECT_GT(shown, Seconds{});
  EXPECT_NEAR(cost_of(h100, covered, job()).forward[Part::kTensorComm] / shown, 1 - hidden, 1e-12);
}

TEST(LayerCost, ShowsOfTheKeyValueRingWhatAttentionDoesNotCover) {
  const machine::Machine h100 = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  const LayerCost cost = cost_of(h100, {.context_parallel = 2}, job());
  const Seconds ring =
      h100.network().collective_time(graph::Collective::kRing, comm::footprint(2, 1, 8), Bytes{2048.0 * 2 * 2048 * 2});
  EXPECT_EQ(cost.forward[Part::kContextComm], std::max(Seconds{}, ring - cost.forward[Part::kAttention]));
}

TEST(HostLaunches, HoldTheDeviceBackUnlessGraphsReplayThem) {
  // One second a launch: the pass takes as long as its launches, whatever the device does.
  const auto slow = [](double share) {
    return test::machine_with("h100-sxm", "nemo-dgxc-25.04", [share](catalog::Stack& stack) {
      stack.host_launch = Seconds{1.0};
      stack.host_collective = Seconds{};
      stack.graph_share = share;
    });
  };
  const model::Transformer m = gpt();
  const machine::Machine plain = slow(0), half = slow(0.5), whole = slow(1);
  double launches = 0;
  for (const graph::Op& op : graph::layer_graph(m, m.kinds[0], job(), {}, plain.fusion()).ops) launches += op.launches;
  EXPECT_NEAR(cost_of(plain, {}, job()).forward.total().value(), launches, 1e-9);
  EXPECT_NEAR(cost_of(half, {}, job()).forward.total().value(), launches / 2, 1e-9);
  EXPECT_EQ(cost_of(whole, {}, job()).forward[Part::kHost], Seconds{});
}

TEST(HostLaunches, AreNeverHiddenInFull) {
  // As long as the device's own work: 2^(1/4) of either. A tenth of it: (1 + 0.0001)^(1/4).
  const auto forward = [](Seconds launch) {
    const machine::Machine machine = test::machine_with("h100-sxm", "nemo-dgxc-25.04", [launch](catalog::Stack& stack) {
      stack.host_launch = launch;
      stack.host_collective = Seconds{};
      stack.graph_share = 0;
    });
    return cost_of(machine, {}, job()).forward;
  };
  const Seconds device = forward(Seconds{}).total();
  const double launches = forward(Seconds{1.0}).total().value();
  EXPECT_NEAR(forward(device / launches).total() / device, std::pow(2.0, 0.25), 1e-6);
  EXPECT_NEAR(forward(device / launches * 0.1).total() / device, std::pow(1.0001, 0.25), 1e-9);
}

TEST(PowerCap, SlowsComputeByTheCubeRootAboveTheStaticShare) {
  // (0.7 - 0.25) / 0.75 = 0.6: 0.6^(-1/3) = 1.18563.
  const catalog::Catalog catalog;
  const machine::Machine capped = machine::MachineBuilder(catalog).build(
      {.chip = "h100-sxm", .nic_per_chip = {}, .power_cap = 0.7}, catalog::load_stack(catalog, "nemo-dgxc-25.04"));
  EXPECT_NEAR(capped.power_slowdown(), 1.18563, 1e-5);
  EXPECT_EQ(test::machine_of("h100-sxm", "nemo-dgxc-25.04").power_slowdown(), 1.0);
}

}  // namespace
}  // namespace socle::train
