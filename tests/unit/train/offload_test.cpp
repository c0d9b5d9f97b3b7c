#include <gtest/gtest.h>

#include "socle/setup/model_catalog.hpp"
#include "socle/train/stage_cost.hpp"
#include "socle/train/step.hpp"
#include "support/test_machine.hpp"

namespace socle::train {
namespace {

using workload::Axis;
using workload::Layout;

const machine::Machine& a100() {
  // Sends beside compute, so that a step shows the time of one.
  static const machine::Machine machine =
      test::machine_with("a100-sxm-80gb", "megatron-lm-2022", [](catalog::Stack& s) { s.overlap_send_receive = true; });
  return machine;
}

const model::Transformer& gpt3() {
  static const model::Transformer model = setup::load_model(catalog::Catalog(), "gpt-3-175b");
  return model;
}

// GPT-3 175B on 512 chips: tp 8, pp 8, dp 8, 8 microbatches.
constexpr Layout kPlain{.tensor_parallel = 8, .pipeline_parallel = 8, .data_parallel = 8};

StepResult step_of(const Layout& layout) {
  const auto step =
      estimate_step(gpt3(), {.sequence_length = 2048, .global_batch = 64}, layout, a100(), Fidelity::kReplay);
  EXPECT_TRUE(step) << step.why().detail;
  return *step;
}

template <typename Change>
Layout with(Layout layout, Change change) {
  change(layout);
  return layout;
}

TEST(Offload, WeightsLeaveTwoLayersOnTheDeviceAndCostWhatTheLayerDoesNotHide) {
  const StepResult plain = step_of(kPlain),
                   offloaded = step_of(with(kPlain, [](Layout&l) { l.offload_weights = true; }));
  // 12 layers on the last stage; two of them stay, and neither embedding nor head.
  EXPECT_LT(offloaded.stages[3].weights / plain.stages[3].weights, 2.0 / 12 + 0.01);
  EXPECT_GT(offloaded.step_time, plain.step_time);
  EXPECT_EQ(offloaded.stages[3].activations, plain.stages[3].activations);
  // A layer of 1.81e9 / 8 parameters is 453 MB: 18 ms over PCIe 4, more than a forward pass of 2,048 tokens takes.
  const Seconds wait = offloaded.busiest[Part::kHost] - plain.busiest[Part::kHost];
  EXPECT_GT(wait, Seconds{});
  EXPECT_LT(wait, Seconds{2 * 8 * 12 * 0.018});
}

TEST(Offload, ActivationsLeaveTwoLayersOfThemAndNeverSpeedAStepUp) {
  const StepResult plain = step_of(kPlain), offloaded = step_of(with(kPlain, [](Layout&l) { l.offload_layers = 96; }));
  EXPECT_EQ(offloaded.stages[3].activations, Bytes{});
  EXPECT_GT(offloaded.stages[3].buffers, plain.stages[3].buffers);
  EXPECT_LT(offloaded.stages[3].total(), plain.stages[3].total());
  EXPECT_GE(offloaded.step_time, plain.step_time);
}

TEST(SequenceParallel, KeptGathersTradeMemoryForTime) {
  const Layout sharded = with(kPlain, [](Layout& l) { l.sequence_parallel = true; });
  const StepResult again = step_of(sharded), kept = step_of(with(sharded, [](Layout&l) { l.keep_gathered = true; }));
  EXPECT_LT(kept.step_time, again.step_time);
  // Two inputs a layer, 7/8 of 2,048 x 12,288 x 2 bytes each, 12 layers, 5 microbatches in flight on stage 3.
  const double more = 2 * 7.0 / 8 * 2048 * 12288 * 2 * 12 * 5 * a100().stack().memory_overhead;
  EXPECT_NEAR((kept.stages[3].activations - again.stages[3].activations).value() / more, 1.0, 1e-9);
}

TEST(Pipeline, ScatteredMessagesSendAnEighthAndGatherIt) {
  const Bytes message{2048.0 * 12288 * 2};
  const Seconds gather =
      a100().network().collective_time(graph::Collective::kAllGather, comm::footprint(8, 1, 8), message);
  const StepResult scattered = step_of(with(kPlain, [](Layout& l) { l.scatter_messages = true; }));
  EXPECT_NEAR(scattered.hop / (a100().network().send_time(message / 8.0, 64) + gather), 1.0, 1e-12);
  EXPECT_LT(scattered.hop, step_of(kPlain).hop);
}

TEST(Placement, StagesInsideCopiesSendInsideTheNode) {
  const Layout inside = with(kPlain, [](Layout& l) {
    l.tensor_parallel = 2, l.pipeline_parallel = 4, l.data_parallel = 64;
    l.placement = {Axis::kTensor, Axis::kContext, Axis::kExpert, Axis::kPipeline, Axis::kData};
  });
  const Layout outside = with(inside, [](Layout& l) { l.placement = kPlain.placement; });
  // tp 2 x pp 4 fill a node of 8: neighbours in the pipeline share it, data-parallel copies stand on 64 nodes.
  EXPECT_LT(step_of(inside).hop, step_of(outside).hop);
  EXPECT_EQ(data_footprint(inside, 8).domains, 64);
  EXPECT_EQ(data_footprint(outside, 8).domains, 16);
  EXPECT_GE(step_of(inside).data_parallel, step_of(outside).data_parallel);
}

TEST(Layouts, SwitchesOfWhatIsNotThereAreRefused) {
  const workload::TrainingJob job{.sequence_length = 2048, .global_batch = 64};
  EXPECT_EQ(layout_problem(gpt3(), job, with(kPlain, [](Layout& l) { l.keep_gathered = true; }))->reason,
            "keep-gathered");
  EXPECT_EQ(
      layout_problem(gpt3(), job, with(kPlain, [](Layout& l) { l.scatter_messages = l.sequence_parallel = true; }))
          ->reason,
      "scatter-messages");
}

}  // namespace
}  // namespace socle::train
