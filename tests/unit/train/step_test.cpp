#include "socle/train/step.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/setup/model_catalog.hpp"
#include "socle/train/data_parallel.hpp"
#include "support/test_machine.hpp"

namespace socle::train {
namespace {

using workload::Layout;
using workload::Recompute;
using workload::Schedule;
using workload::Sharding;
using workload::TrainingJob;

const model::Transformer& llama() {
  static const model::Transformer m = setup::load_model(catalog::Catalog(), "llama-3-8b");
  return m;
}

const machine::Machine& h100() {
  static const machine::Machine machine = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  return machine;
}

TrainingJob job(int global_batch) { return {.sequence_length = 8192, .global_batch = global_batch}; }

StepResult step(const Layout& layout, int global_batch, const machine::Machine& machine = h100()) {
  const auto result = estimate_step(llama(), job(global_batch), layout, machine, Fidelity::kReplay);
  if (!result) throw std::runtime_error(result.why().detail);
  return *result;
}

std::vector<Layout> some_layouts() {
  std::vector<Layout> layouts;
  for (const int tp : {1, 2, 8}) {
    for (const int pp : {1, 2, 4}) {
      for (const Recompute recompute : {Recompute::kNone, Recompute::kSelective, Recompute::kFull}) {
        for (const Sharding sharding : {Sharding::kNone, Sharding::kZero1, Sharding::kZero2, Sharding::kZero3}) {
          layouts.push_back({.tensor_parallel = tp,
                             .sequence_parallel = tp > 1,
                             .pipeline_parallel = pp,
                             .data_parallel = 4,
                             .recompute = recompute,
                             .sharding = sharding});
        }
      }
    }
  }
  return layouts;
}

TEST(Step, IsTheSumOfItsParts) {
  for (const Layout& layout : some_layouts()) {
    const StepResult r = step(layout, 64);
    EXPECT_NEAR((r.pipeline + r.data_parallel + r.optimizer + r.overhead + r.jitter) / r.step_time, 1.0, 1e-12);
    EXPECT_NEAR((r.busiest.total() + r.bubble) / r.pipeline, 1.0, 0.02);  // beside them the host's sends
  }
}

TEST(Step, IsNeverBelowTheWorkOfItsBusiestStage) {
  for (const Layout& layout : some_layouts()) {
    const StepResult r = step(layout, 64);
    EXPECT_GE(r.pipeline, r.busiest.total() * (1 - 1e-12));
    EXPECT_GE(r.step_time, r.at_peak);
    EXPECT_LT(r.mfu, 1.0);
    EXPECT_LE(r.mfu, r.mfu_full_attention);
    EXPECT_LE(r.mfu, r.hfu + 1e-12);
  }
}

TEST(Step, CountsSixFlopsPerWeightAndTokenAndTheAttentionSquare) {
  // Llama 3 8B: 32 layers of 4096 (4096 + 2 x 1024) + 4096^2 + 3 x 4096 x 14336, and a head of 4096 x 128256:
  // 7,504,658,432 weights. Attention 12 L w s per token over the square, half of it under the causal mask: w = 4096.
  const double weights = 32 * (4096.0 * 6144 + 4096.0 * 4096 + 3 * 4096.0 * 14336) + 4096.0 * 128256;
  const double tokens = 16 * 8192.0, square = 12 * 32 * 4096.0 * 8192;
  for (const Layout& layout :
       {Layout{.data_parallel = 8},
        Layout{.tensor_parallel = 2, .sequence_parallel = true, .pipeline_parallel = 4, .data_parallel = 2}}) {
    const StepResult r = step(layout, 16);
    EXPECT_NEAR(r.model_flops.value() / (tokens * (6 * weights + square / 2)), 1.0, 1e-9);
    EXPECT_NEAR(r.model_flops_full_attention.value() / (tokens * (6 * weights + square)), 1.0, 1e-9);
    EXPECT_DOUBLE_EQ(r.tokens.value(), tokens);
  }
}

TEST(Step, RunsTheForwardPassAgainUnderFullRecompute) {
  const StepResult plain = step({.data_parallel = 8}, 8);
  const StepResult full = step({.data_parallel = 8, .recompute = Recompute::kFull}, 8);
  EXPECT_EQ(full.model_flops, plain.model_flops);
  // Weights of layers 8 instead of 6 FLOP, those of the head 6; attention 1 + 2.5 + 1 forward passes instead of 3.5.
  const double layers = 32 * 218.1e6, head = 128256.0 * 4096, core = 32 * 8192.0 * 4096 * 2 / 2;  // causal half
  const double forward = 2 * layers + 2 * core, once = 6 * (layers + head) + 7 * core;
  EXPECT_NEAR(full.hardware_flops / plain.hardware_flops, 1 + forward / once, 0.001);
  EXPECT_GT(full.step_time, plain.step_time);
  EXPECT_LT(full.stages[0].activations, plain.stages[0].activations);
  // One layer input of 8192 x 4096 x 2 bytes for each of 32 layers.
  EXPECT_NEAR(full.stages[0].activations.value(), 32 * 8192.0 * 4096 * 2 * h100().stack().memory_overhead, 1.0);
}

TEST(Step, KeepsAndCostsBetweenNothingAndAllUnderSelectiveRecompute) {
  const StepResult none = step({.data_parallel = 8}, 8);
  const StepResult some = step({.data_parallel = 8, .recompute = Recompute::kSelective}, 8);
  const StepResult full = step({.data_parallel = 8, .recompute = Recompute::kFull}, 8);
  EXPECT_LT(none.step_time, some.step_time);
  EXPECT_LT(some.step_time, full.step_time);
  EXPECT_GT(none.stages[0].activations, some.stages[0].activations);
  EXPECT_GT(some.stages[0].activations, full.stages[0].activations);
}

TEST(Step, HasBothFidelitiesAgreeOnMemory) {
  // The schedule's known peak against the walk over its tasks: equal, but where the walk finds that less is held.
  for (const Schedule schedule :
       {Schedule::kGPipe, Schedule::kOneFOneB, Schedule::kInterleaved, Schedule::kZbH1, Schedule::kDualPipe}) {
    for (const int batch : {32, 128}) {
      Layout layout{.pipeline_parallel = 4,
                    .virtual_pipeline = schedule == Schedule::kInterleaved ? 2 : 1,
                    .data_parallel = 2,
                    .schedule = schedule};
      const auto closed = estimate_step(llama(), job(batch), layout, h100(), Fidelity::kClosedForm);
      const auto exact = estimate_step(llama(), job(batch), layout, h100(), Fidelity::kReplay);
      ASSERT_TRUE(closed && exact);
      for (std::size_t s = 0; s < 4; ++s) {
        const double ratio = closed->stages[s].activations / exact->stages[s].activations;
        EXPECT_GE(ratio, 1 - 1e-9) << static_cast<int>(schedule) << ' ' << s;
        if (schedule == Schedule::kGPipe || schedule == Schedule::kOneFOneB || schedule == Schedule::kInterleaved) {
          EXPECT_NEAR(ratio, 1.0, 1e-9) << static_cast<int>(schedule) << ' ' << s;
        }
      }
    }
  }
}

TEST(Jitter, IsWhatTheSlowestOfAllRanksAdds) {
  // sigma sqrt(2 ln n): nothing for one rank, 3.7233 sigma for 1024.
  const double sigma = h100().stack().jitter;
  ASSERT_GT(sigma, 0);
  EXPECT_EQ(step({}, 8).jitter, Seconds{});
  const StepResult r = step({.tensor_parallel = 8, .sequence_parallel = true, .data_parallel = 128}, 128);
  EXPECT_NEAR(r.jitter / (r.step_time - r.jitter), sigma * std::sqrt(2 * std::log(1024.0)), 1e-12);
}

// One stage of a billion dense weights over 16 ranks of two nodes.
constexpr memory::StageParameters kBillion{.dense = 1e9, .largest_layer = 1e7};
constexpr Seconds kForward{1.0}, kBackward{2.0};

Seconds over_ranks(graph::Collective collective, double bytes) {
  return h100().network().collective_time(collective, comm::footprint(16, 1, 8), Bytes{bytes});
}

TEST(DataParallel, ReducesAndGathersOncePerStepUnderZero1) {
  const double wire = h100().stack().reduce_bytes;
  const Layout layout{.data_parallel = 16, .sharding = Sharding::kZero1};
  const DataParallelCost cost = data_parallel_cost(kBillion, job(16), layout, h100(), kForward, kBackward, 32);
  const Seconds expected =
      over_ranks(graph::Collective::kReduceScatter, wire * 1e9) + over_ranks(graph::Collective::kAllGather, 2e9);
  EXPECT_NEAR(cost.exposed / expected, 1.0, 1e-12);
  EXPECT_EQ(cost.hidden, Seconds{});
}

TEST(DataParallel, OverlapHidesAShareAndLosesNothing) {
  Layout layout{.data_parallel = 16, .sharding = Sharding::kZero1};
  const DataParallelCost open = data_parallel_cost(kBillion, job(16), layout, h100(), kForward, kBackward, 32);
  layout.overlap_grad_reduce = layout.overlap_param_gather = true;
  const DataParallelCost covered = data_parallel_cost(kBillion, job(16), layout, h100(), kForward, kBackward, 32);
  EXPECT_NEAR((covered.exposed + covered.hidden) / open.exposed, 1.0, 1e-12);
  EXPECT_NEAR(covered.hidden / open.exposed, h100().stack().data_hidden, 1e-9);
  // Nothing hides under nothing.
  EXPECT_EQ(data_parallel_cost(kBillion, job(16), layout, h100(), Seconds{}, Seconds{}, 32).hidden, Seconds{});
}

TEST(DataParallel, ScattersAfterEveryMicrobatchUnderZero2) {
  const double wire = h100().stack().reduce_bytes;
  const DataParallelCost cost = data_parallel_cost(
      kBillion, job(16), {.data_parallel = 16, .sharding = Sharding::kZero2}, h100(), kForward, kBackward, 4);
  const Seconds expected =
      4.0 * over_ranks(graph::Collective::kReduceScatter, wire * 1e9) + over_ranks(graph::Collective::kAllGather, 2e9);
  EXPECT_NEAR(cost.exposed / expected, 1.0, 1e-12);
}

TEST(DataParallel, ScattersOnceAStepUnderZero2AndAPipeline) {
  const double wire = h100().stack().reduce_bytes;
  const DataParallelCost cost =
      data_parallel_cost(kBillion, job(16), {.pipeline_parallel = 2, .data_parallel = 16, .sharding = Sharding::kZero2},
                         h100(), kForward, kBackward, 4);
  const Seconds expected =
      over_ranks(graph::Collective::kReduceScatter, wire * 1e9) + over_ranks(graph::Collective::kAllGather, 2e9);
  EXPECT_NEAR(cost.exposed / expected, 1.0, 1e-12);
}

TEST(DataParallel, WaitsForACallOfEachShardWhereShardsGoOneByOne) {
  const auto exposed = [](bool one_by_one, int shard) {
    const machine::Machine a100 = test::machine_with("a100-sxm-80gb", "nemo-dgxc-25.04", [&](auto& s) {
      s.shards_one_by_one = one_by_one;
      s.host_shard = Seconds{2e-3};
    });
    const Layout layout{.data_parallel = 64, .sharding = Sharding::kZero1, .shard_size = shard};
    return data_parallel_cost(kBillion, job(64), layout, a100, kForward, kBackward, 4).exposed;
  };
  EXPECT_NEAR((exposed(true, 0) - exposed(false, 0)).value(), 64 * 2e-3, 1e-12);
  EXPECT_NEAR((exposed(true, 8) - exposed(false, 8)).value(), 8 * 2e-3, 1e-12);
}

TEST(DataParallel, ReducesWholeGradientsWithoutSharding) {
  const double wire = h100().stack().reduce_bytes;
  const DataParallelCost cost =
      data_parallel_cost(kBillion, job(16), {.data_parallel = 16}, h100(), kForward, kBackward, 4);
  EXPECT_NEAR(cost.exposed / over_ranks(graph::Collective::kAllReduce, wire * 1e9), 1.0, 1e-12);
}

TEST(DataParallel, LeavesZero3ToItsLayersAndOneRankAlone) {
  EXPECT_EQ(data_parallel_cost(kBillion, job(16), {.data_parallel = 16, .sharding = Sharding::kZero3}, h100(), kForward,
                               kBackward, 4)
                .exposed,
            Seconds{});
  EXPECT_EQ(data_parallel_cost(kBillion, job(16), {}, h100(), kForward, kBackward, 4).exposed, Seconds{});
  EXPECT_GT(step({.data_parallel = 16, .sharding = Sharding::kZero3}, 16).busiest[Part::kDataComm], Seconds{});
}

TEST(Optimizer, MovesItsStatesOnce) {
  // 1e9 / 16 weights: 24 bytes of fp32 states both ways, the gradient, and the 16-bit weight.
  const double bytes = 1e9 / 16 * (24 + h100().stack().gradient_bytes + 2);
  const Layout sharded{.data_parallel = 16, .sharding = Sharding::kZero1};
  EXPECT_NEAR(optimizer_time(kBillion, job(16), sharded, h100()) / h100().kernels().memory_time(Bytes{bytes}).time, 1.0,
              1e-12);
  Layout offloaded = sharded;
  offloaded.offload_optimizer = true;
  EXPECT_GT(optimizer_time(kBillion, job(16), offloaded, h100()), optimizer_time(kBillion, job(16), sharded, h100()));
}

TEST(LayoutProblem, NamesTheKeyThatDoesNotDivideAndALegalValue) {
  const auto why = layout_problem(llama(), job(8), {.tensor_parallel = 3});
  ASSERT_TRUE(why);
  EXPECT_EQ(why->reason, "tp-heads");
  EXPECT_EQ(why->remedy, "use 1, 2, 4, 8, 16, 32");
  EXPECT_EQ(layout_problem(llama(), job(8), {.data_parallel = 3})->reason, "batch");
  EXPECT_EQ(layout_problem(llama(), job(8), {.sequence_parallel = true})->reason, "sp-tp");
  EXPECT_EQ(layout_problem(llama(), job(8), {.pipeline_parallel = 64})->reason, "pp-layers");
  EXPECT_EQ(layout_problem(llama(), job(8), {.expert_parallel = 2, .data_parallel = 2})->reason, "ep-dense");
  EXPECT_FALSE(layout_problem(llama(), job(8), {.data_parallel = 8}));
}

TEST(MemoryProblem, SaysWhatIsNeededAndWhatIsThere) {
  const StepResult r = step({}, 1);  // 8e9 weights x 18 bytes on one chip of 80 GB
  const auto why = memory_problem(r, h100(), 0.0);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->reason, "memory");
  EXPECT_NE(why->detail.find(" GiB of 80 GiB"), std::string::npos) << why->detail;
  EXPECT_FALSE(memory_problem(step({.tensor_parallel = 8, .sequence_parallel = true}, 1), h100(), 0.0));
}

}  // namespace
}  // namespace socle::train
