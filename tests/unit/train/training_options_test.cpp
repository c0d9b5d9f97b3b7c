#include "socle/workload/training_options.hpp"

#include <gtest/gtest.h>

#include "socle/setup/model_catalog.hpp"
#include "socle/train/data_parallel.hpp"
#include "socle/train/state_bytes.hpp"
#include "socle/train/step.hpp"
#include "support/test_machine.hpp"

namespace socle::train {
namespace {

using workload::BaseFormat;
using workload::GradientType;
using workload::Layout;
using workload::Loss;
using workload::Optimizer;
using workload::Sharding;
using workload::TrainingJob;

const machine::Machine& h100() {
  static const machine::Machine machine = test::machine_of("h100-sxm", "torchtitan-2025");
  return machine;
}

const model::Transformer& llama() {
  static const model::Transformer m = setup::load_model(catalog::Catalog(), "llama-3-8b");
  return m;
}

StepResult step_of(const TrainingJob& job, const Layout& layout) {
  const auto step = estimate_step(llama(), job, layout, h100(), Fidelity::kReplay);
  EXPECT_TRUE(step) << step.why().detail;
  return *step;
}

TEST(Optimizers, HoldTheirMomentsAndMasters) {
  struct Case {
    Optimizer optimizer;
    double with_master, without;
  };
  // Adam 4 + 4 + 4; bf16 moments 2 + 2; 8 bits and a fp32 scale for 256 of each moment; 16 more bits of a master; one
  // momentum.
  const double eight = 2 * (1 + 4.0 / 256);
  for (const Case& c : {Case{Optimizer::kAdam, 12, 8}, Case{Optimizer::kAdamBf16Moments, 8, 4},
                        Case{Optimizer::kAdam8Bit, 4 + eight, eight}, Case{Optimizer::kPrecisionAware, 6, 4},
                        Case{Optimizer::kMuon, 8, 4}, Case{Optimizer::kSgd, 8, 4}}) {
    TrainingJob job{.sequence_length = 8192, .global_batch = 8, .optimizer = c.optimizer};
    EXPECT_DOUBLE_EQ(state_bytes(job, h100().stack()).optimizer, c.with_master);
    job.master_weights = false;
    EXPECT_DOUBLE_EQ(state_bytes(job, h100().stack()).optimizer, c.without);
    // Read and written, with a gradient read and a weight written.
    job.gradient_type = GradientType::kBf16;
    EXPECT_DOUBLE_EQ(update_traffic(job, h100().stack()), 2 * c.without + 2 + 2);
  }
}

TEST(Optimizers, OfFullyShardHoldNoWeightBesideTheMaster) {
  TrainingJob job{.sequence_length = 8192, .global_batch = 8};
  const Layout sharded{.data_parallel = 8, .sharding = Sharding::kZero3};
  const Layout zero1{.data_parallel = 8, .sharding = Sharding::kZero1};
  EXPECT_DOUBLE_EQ(held_bytes(job, h100().stack(), zero1).optimizer, 12);
  EXPECT_DOUBLE_EQ(held_bytes(job, h100().stack(), sharded).optimizer, 10);
  EXPECT_EQ(step_of(job, sharded).stages[0].gradients, Bytes{});  // freed while the activations stand
  job.global_batch = 16;
  EXPECT_NEAR(step_of(job, sharded).stages[0].gradients.value(), 8.030e9 * 4 / 8, 1e7);
  job.master_weights = false;
  EXPECT_DOUBLE_EQ(held_bytes(job, h100().stack(), sharded).optimizer, 8);
}

TEST(Optimizers, AreTheStacksAdamUnlessSaid) {
  const TrainingJob job{.sequence_length = 8192, .global_batch = 8};
  EXPECT_DOUBLE_EQ(state_bytes(job, h100().stack()).optimizer, h100().stack().optimizer_bytes);
  EXPECT_DOUBLE_EQ(state_bytes(job, h100().stack()).gradient, h100().stack().gradient_bytes);
  EXPECT_DOUBLE_EQ(reduce_bytes(job, h100().stack(), {}), h100().stack().reduce_bytes);
}

TEST(Optimizers, ShardedGradientsTravelAsTheStackSaysOfThem) {
  catalog::Stack stack;
  stack.reduce_bytes_sharded = 2;
  TrainingJob job{.sequence_length = 8192, .global_batch = 8};
  EXPECT_DOUBLE_EQ(reduce_bytes(job, stack, {.sharding = workload::Sharding::kZero3}), 2);
  EXPECT_DOUBLE_EQ(reduce_bytes(job, stack, {.sharding = workload::Sharding::kZero2}), 4);
  job.gradient_type = workload::GradientType::kFp32;  // what the job says comes first
  EXPECT_DOUBLE_EQ(reduce_bytes(job, stack, {.sharding = workload::Sharding::kZero3}), 4);
}

TEST(Optimizers, OrthogonaliseWholeMatrices) {
  // Five iterations: two products of 2 m^2 n and one of 2 m^3, the short side first.
  EXPECT_DOUBLE_EQ(orthogonalisation(100, 300).value(), 5 * (4 * 100.0 * 100 * 300 + 2 * 1e6));
  EXPECT_DOUBLE_EQ(orthogonalisation(300, 100).value(), orthogonalisation(100, 300).value());
}

TEST(Optimizers, MuonPaysForItsProductsAndRanksShareThem) {
  TrainingJob muon{.sequence_length = 8192, .global_batch = 8, .optimizer = Optimizer::kMuon};
  TrainingJob sgd = muon;
  sgd.optimizer = Optimizer::kSgd;
  const Layout whole{.data_parallel = 8}, shared{.data_parallel = 8, .sharding = Sharding::kZero1};
  const Seconds alone = step_of(muon, whole).optimizer - step_of(sgd, whole).optimizer;
  const Seconds together = step_of(muon, shared).optimizer - step_of(sgd, shared).optimizer;
  // Of a layer of Llama 3 8B: wq and wo, wk and wv, three matrices of 4096 x 14336; 32 layers at half of 989.4 TFLOPS.
  const Flops layer =
      orthogonalisation(4096, 4096) * 2 + orthogonalisation(1024, 4096) * 2 + orthogonalisation(4096, 14336) * 3;
  EXPECT_NEAR(alone / (layer * 32 / (h100().kernels().peak(model::Recipe::kBf16) * 0.5)), 1.0, 1e-9);
  EXPECT_NEAR(alone / together, 8.0, 1e-6);
  EXPECT_EQ(step_of(muon, shared).stages[0].optimizer, step_of(sgd, shared).stages[0].optimizer);
}

TEST(Gradients, InBf16TakeHalfOfMemoryAndWire) {
  TrainingJob wide{.sequence_length = 8192, .global_batch = 8, .gradient_type = GradientType::kFp32};
  TrainingJob narrow = wide;
  narrow.gradient_type = GradientType::kBf16;
  const Layout layout{.data_parallel = 8, .sharding = Sharding::kZero1};
  EXPECT_DOUBLE_EQ(step_of(wide, layout).stages[0].gradients / step_of(narrow, layout).stages[0].gradients, 2.0);
  EXPECT_LT(step_of(narrow, layout).step_time, step_of(wide, layout).step_time);
}

TEST(Losses, HoldLessLogitsTheMoreTheyFuse) {
  // 8,192 tokens of 128,256 logits (padded to 128): 8 bytes each in full, 2 where the gradient overwrites them, 8 of an
  // eighth in chunks, with an fp32 gradient of the head's input; its 16-bit input beside all, twice as working sets
  // count.
  const Layout layout{.data_parallel = 8};
  const auto buffers = [&](Loss loss) {
    return step_of({.sequence_length = 8192, .global_batch = 8, .loss = loss}, layout).stages[0].buffers;
  };
  const double logits = 8192.0 * 128256, overhead = h100().stack().memory_overhead;
  EXPECT_NEAR((buffers(Loss::kFull) - buffers(Loss::kFused)).value(), logits * 6 * overhead, 1.0);
  EXPECT_NEAR((buffers(Loss::kFused) - buffers(Loss::kChunked)).value(),
              (logits * 2 - logits * 8 / 8 - 8192.0 * 4096 * 4) * overhead, 1.0);
}

TEST(Losses, FusedAreNoSlower) {
  const auto time = [](Loss loss) {
    return step_of({.sequence_length = 8192, .global_batch = 8, .loss = loss}, {.data_parallel = 8}).step_time;
  };
  EXPECT_LT(time(Loss::kFused), time(Loss::kFull));
  EXPECT_LT(time(Loss::kChunked), time(Loss::kFull));
}

TEST(ShardedWeights, LeftGatheredSpareAGatherAndTakeTheirMemory) {
  const TrainingJob job{.sequence_length = 8192, .global_batch = 16};
  const Layout resharded{.data_parallel = 8, .sharding = Sharding::kZero3};
  Layout kept = resharded;
  kept.reshard_after_forward = false;
  const StepResult a = step_of(job, resharded), b = step_of(job, kept);
  EXPECT_LT(b.busiest[Part::kDataComm], a.busiest[Part::kDataComm]);
  EXPECT_LE(b.step_time, a.step_time);
  // Seven eighths of all weights in 16 bits instead of those of two layers: 8.03e9 x 7 / 8 x 2 bytes less 2 x 218e6
  // x 2.
  EXPECT_NEAR((b.stages[0].buffers - a.stages[0].buffers).value(), (8.030e9 * 7 / 8 - 2 * 218.1e6) * 2, 1e8);
}

TEST(ShardedWeights, WithGradientsReducedOnceAStepHoldThemWhole) {
  const TrainingJob job{.sequence_length = 8192, .global_batch = 64};
  const Layout each{.data_parallel = 8, .sharding = Sharding::kZero3};
  Layout once = each;
  once.defer_grad_reduce = true;
  const StepResult a = step_of(job, each), b = step_of(job, once);
  EXPECT_DOUBLE_EQ(b.stages[0].gradients / a.stages[0].gradients, 8.0);
  EXPECT_LT(b.busiest[Part::kDataComm], a.busiest[Part::kDataComm]);
  EXPECT_GT(b.data_parallel + b.data_parallel_hidden, Seconds{});  // the one at the end
  EXPECT_LT(b.step_time, a.step_time);
}

TEST(ShardedWeights, UnderAPipelineTravelOnceAStepWhereTheyStayGathered) {
  const TrainingJob job{.sequence_length = 8192, .global_batch = 64};
  Layout layout{
      .pipeline_parallel = 2, .data_parallel = 4, .sharding = Sharding::kZero3, .reshard_after_forward = false};
  const StepResult once = step_of(job, layout);
  EXPECT_EQ(once.busiest[Part::kDataComm], Seconds{});
  EXPECT_GT(once.data_parallel + once.data_parallel_hidden, Seconds{});
  layout.reshard_after_forward = true;
  EXPECT_GT(step_of(job, layout).busiest[Part::kDataComm], Seconds{});
}

TEST(HybridSharding, AveragesExpertsOnlyWhereMoreRanksHoldThemThanShareThemOut) {
  // 64 ranks, ep 8: 8 of them hold the same experts, and all 8 share them out: no copies to average.
  const memory::StageParameters experts{.experts = 1e9};
  const TrainingJob job{.sequence_length = 8192, .global_batch = 64};
  Layout layout{.expert_parallel = 8, .data_parallel = 64, .sharding = Sharding::kZero3, .shard_size = 8};
  const auto cost = [&](const memory::StageParameters& held) {
    const DataParallelCost c = data_parallel_cost(held, job, layout, h100(), Seconds{1}, Seconds{1}, 4);
    return c.exposed + c.hidden;
  };
  EXPECT_EQ(cost(experts), Seconds{});
  EXPECT_GT(cost({.dense = 1e9}), Seconds{});  // 8 copies of dense weights
  layout.shard_size = 4;
  EXPECT_GT(cost(experts), Seconds{});  // two copies of experts
}

TEST(QuantisedBase, TakesTheBytesOfItsFormat) {
  EXPECT_NEAR(workload::base_bytes(BaseFormat::kNf4) * 8, 4.127, 0.0005);  // Dettmers et al. 2023, section 3
  EXPECT_DOUBLE_EQ(workload::base_bytes(BaseFormat::kMxFp4) * 8, 4.25);
  TrainingJob job{.sequence_length = 2048, .global_batch = 2, .lora = true};
  const Layout layout{.data_parallel = 2};
  const StepResult wide = step_of(job, layout);
  job.base_format = BaseFormat::kNf4;
  const StepResult packed = step_of(job, layout);
  // 32 layers of 218.1e6 at 0.516 bytes; embedding and head, 2 x 128256 x 4096, stay in 16 bits.
  const double layers = 32 * 218.112e6, ends = 2 * 128256.0 * 4096;
  EXPECT_NEAR(packed.stages[0].weights.value() / (layers * workload::base_bytes(BaseFormat::kNf4) + ends * 2), 1.0,
              1e-3);
  EXPECT_NEAR(wide.stages[0].weights.value() / ((layers + ends) * 2), 1.0, 1e-3);
  EXPECT_GT(packed.step_time, wide.step_time);  // weights are widened for every product
}

TEST(QuantisedBase, IsWidenedAgainByRecompute) {
  TrainingJob job{.sequence_length = 2048, .global_batch = 2, .lora = true};
  const auto recomputed = [&](BaseFormat format) {
    job.base_format = format;
    return step_of(job, {.data_parallel = 2, .recompute = workload::Recompute::kFull})
        .busiest_recompute[Part::kElementwise];
  };
  // 6.98e9 weights of 32 layers read at 0.516 bytes and written at 2.
  const Seconds widening = recomputed(BaseFormat::kNf4) - recomputed(BaseFormat::kBf16);
  EXPECT_GT(widening, Seconds{6.98e9 * 2.0 / 3.35e12});
}

TEST(Adapters, BesideEveryMatrixStandByThemselves) {
  TrainingJob job{.sequence_length = 2048, .global_batch = 8, .lora = true};
  const Layout layout{.data_parallel = 8};
  const StepResult attention = step_of(job, layout);
  job.lora_targets = workload::LoraTargets::kAll;
  const StepResult all = step_of(job, layout);
  // Rank 16 beside wq, wk, wv, wo, w1, w3, w2 of 32 layers: 16 x (in + out) each, 41.9e6; fp32 states of 12 bytes.
  const double weights = 32 * 16.0 * (2 * 8192 + 2 * 5120 + 3 * 18432);
  EXPECT_NEAR(all.stages[0].optimizer.value(), weights * 12, 1e3);
  EXPECT_LT(attention.stages[0].optimizer, all.stages[0].optimizer);
  EXPECT_GT(all.step_time, attention.step_time);
  EXPECT_GT(all.stages[0].activations, attention.stages[0].activations);  // inputs of every matrix
}

TEST(PackedSequences, AttendInsideTheirDocuments) {
  TrainingJob job{.sequence_length = 8192, .global_batch = 8};
  const Layout layout{.data_parallel = 8};
  const StepResult whole = step_of(job, layout);
  job.packed_length = 1024;
  const StepResult packed = step_of(job, layout);
  EXPECT_LT(packed.busiest[Part::kAttention], whole.busiest[Part::kAttention] * 0.4);
  // Causal attention of 8 documents of an eighth: 12 x 32 layers x 4096 x s / 2 FLOPs a token shrink to an eighth.
  const double attention = 6.0 * 32 * 4096 * 8192 * 8192 * 8;
  EXPECT_NEAR((whole.model_flops - packed.model_flops).value() / (attention * 7 / 8), 1.0, 1e-3);
  EXPECT_EQ(packed.stages[0].activations, whole.stages[0].activations);
}

}  // namespace
}  // namespace socle::train
