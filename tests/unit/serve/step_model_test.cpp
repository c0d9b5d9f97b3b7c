#include "socle/serve/step_model.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::serve {
namespace {

/// One model on one kind of chip.
struct Ground {
  catalog::Catalog catalog;
  machine::MachineBuilder machines{catalog};
  machine::Machine machine;
  Served served;
  StepCosts costs;

  Ground(const char* model, const char* chip, workload::ServingLayout layout)
      : machine(machines.build({.chip = chip, .nic_per_chip = {}}, catalog::Stack{})),
        served{.model = setup::load_model(catalog, model),
               .layout = layout,
               .formats = {},
               .speculation = {},
               .skew = 1.0},
        costs(served, machine, machines.serving_kernels(chip)) {}
};

StepTime decode(StepModel& model, std::int64_t sequences, std::int64_t context) {
  const LaneStep step{.decoding = sequences, .context16 = 16 * context, .growth16 = 16 * sequences};
  return model.time({&step, 1});
}

TEST(StepModel, ARunOfStepsIsTheSumOfTheSteps) {
  const Ground ground("llama-3.1-8b", "h100-sxm", {});
  StepModel model(ground.costs, {.step = Seconds{1e-4}});
  std::int64_t context = 64 * 300;
  const StepTime run = decode(model, 64, context);
  ASSERT_GT(run.steps, 2);
  for (std::int64_t i = 0; i < run.steps; ++i, context += 64)
    ASSERT_EQ(decode(model, 64, context).first, run.first + i * run.growth) << "step " << i;
  EXPECT_NE(decode(model, 64, context).growth, run.growth);  // there the law changes
}

TEST(StepModel, AStepIsNoFasterThanReadingWeightsAndCache) {
  // 8.03 B parameters less the input embedding (0.525 B) in 2 bytes, and 32 x 2000 tokens of 131,072 bytes, at 3.35
  // TB/s.
  const Ground ground("llama-3.1-8b", "h100-sxm", {});
  StepModel model(ground.costs, {});
  const double floor = ((8.03e9 - 0.525e9) * 2 + 32.0 * 2000 * 131072) / 3.35e12;
  const double step = net::to_seconds(decode(model, 32, 32 * 2000).first).value();
  EXPECT_GT(step, floor);
  EXPECT_LT(step, 1.5 * floor);
}

TEST(StepModel, TimeGrowsWithSequencesContextAndPrompts) {
  const Ground ground("qwen3-30b-a3b", "h200-sxm", {.tensor_parallel = 2, .expert_parallel = 2});
  StepModel model(ground.costs, {});
  Picoseconds last = 0;
  for (const std::int64_t sequences : {1, 4, 16, 64, 256}) {
    const Picoseconds now = decode(model, sequences, sequences * 1000).first;
    EXPECT_GT(now, last) << sequences;
    EXPECT_GT(decode(model, sequences, sequences * 8000).first, now) << sequences;
    last = now;
  }
  last = 0;
  for (const std::int64_t tokens : {64, 512, 2048, 8192}) {
    const std::vector<Chunk> chunk{{.slot = 1, .tokens = tokens}};
    const LaneStep step{.chunks = chunk, .ending = 1};
    const Picoseconds now = model.time({&step, 1}).first;
    EXPECT_GT(now, last) << tokens;
    last = now;
  }
}

TEST(StepModel, WhatAnEngineRunsAroundItsExpertsCountsByLayersThatHaveThem) {
  const auto added = [](const char* name) {
    const Ground ground(name, "h200-sxm", {.tensor_parallel = 8});
    StepModel without(ground.costs, {}), with(ground.costs, {.expert_layer = Seconds{1e-5}});
    return net::to_seconds(decode(with, 8, 8 * 1000).first - decode(without, 8, 8 * 1000).first).value();
  };
  EXPECT_DOUBLE_EQ(added("deepseek-v3"), 58 * 1e-5);  // 3 of 61 layers are dense
  EXPECT_DOUBLE_EQ(added("gpt-oss-120b"), 36 * 1e-5);
  EXPECT_DOUBLE_EQ(added("llama-3.1-70b"), 0.0);
}

TEST(StepModel, TheSlowestLaneSetsThePaceUntilAnotherOvertakesIt) {
  const Ground ground("deepseek-v2-lite", "h100-sxm", {.data_parallel = 2, .expert_parallel = 2});
  StepModel model(ground.costs, {});
  // The first lane has few long sequences, the second many short ones, whose cache grows faster.
  std::vector<LaneStep> lanes{{.decoding = 8, .context16 = 16 * 8 * 9000, .growth16 = 16 * 8},
                              {.decoding = 120, .context16 = 16 * 120 * 400, .growth16 = 16 * 120}};
  const StepTime run = model.time(lanes);
  for (std::int64_t i = 0; i < std::min<std::int64_t>(run.steps, 200); ++i) {
    ASSERT_EQ(model.time(lanes).first, run.first + i * run.growth) << "step " << i;
    for (LaneStep& lane : lanes) lane.context16 += lane.growth16;
  }
}

TEST(StepModel, DraftsAreCheckedInOneStep) {
  // Three drafts cost less than three steps: their weights are read once.
  Ground ground("deepseek-v3", "h200-sxm", {.tensor_parallel = 8});
  StepModel plain(ground.costs, {});
  Served drafting = ground.served;
  drafting.speculation = {3, accepted_drafts(3, 0.65)};
  const StepCosts costs(drafting, ground.machine, ground.machines.serving_kernels("h200-sxm"));
  StepModel model(costs, {});
  const auto one = decode(plain, 16, 16 * 1000).first, four = decode(model, 16, 16 * 1000).first;
  EXPECT_GT(four, one);
  EXPECT_LT(four, 3 * one);
  EXPECT_NEAR(accepted_drafts(3, 0.65), 0.65 + 0.4225 + 0.274625, 1e-12);
}

}  // namespace
}  // namespace socle::serve
