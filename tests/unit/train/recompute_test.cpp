#include "socle/train/layer_recompute.hpp"

#include <gtest/gtest.h>

#include "socle/setup/model_catalog.hpp"
#include "socle/train/cost_set.hpp"
#include "socle/train/step.hpp"
#include "support/test_machine.hpp"

namespace socle::train {
namespace {

using workload::Layout;
using workload::ModuleSet;
using workload::Recompute;
using workload::TrainingJob;
using Module = workload::RecomputeModule;

const machine::Machine& h100() {
  static const machine::Machine machine = test::machine_of("h100-sxm", "nemo-dgxc-25.04");
  return machine;
}

// MLA with 16 heads of 128 + 64, values of 128; 64 experts of 512, 8 a token, and a shared one of 1024.
model::Transformer latent() {
  model::Transformer m;
  m.hidden = 1024;
  m.vocab = 32000;
  model::Layer layer;
  layer.mixer = {.kind = model::MixerKind::kMla,
                 .heads = 16,
                 .kv_heads = 16,
                 .head_dim = 192,
                 .v_head_dim = 128,
                 .q_lora = 512,
                 .kv_lora = 256,
                 .rope_dim = 64};
  layer.feed_forward = {.ffn = 512, .experts = 64, .topk = 8, .shared_ffn = 1024};
  m.kinds = {layer};
  m.kind_of_layer = {0};
  return m;
}

constexpr double kTokens = 2048;

LayerCost cost_of(const model::Transformer& m, const Layout& layout, const TrainingJob& job) {
  return layer_cost(graph::layer_graph(m, m.kinds[0], job, layout, h100().fusion()), h100(), job.recipe, layout);
}

LayerCost latent_cost(const Layout& layout = {}) { return cost_of(latent(), layout, {.sequence_length = 2048}); }

double dropped(const LayerCost& cost, Module module) {
  return cost.modules[static_cast<std::size_t>(module)].dropped.value();
}

Layout selecting(ModuleSet modules) { return {.recompute = Recompute::kSelective, .recompute_modules = modules}; }

Bytes held(const LayerCost& cost, ModuleSet modules) { return layer_recompute(cost, selecting(modules), {}).held; }

TEST(RecomputeModules, DropWhatTheyMake) {
  const LayerCost cost = latent_cost();
  const double wide = 2 * kTokens;                                            // bytes of one 16-bit column
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kCoreAttention), 16 * kTokens * 4);  // log-sum-exp of a fused core
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kMlaUpProjection), wide * 16 * (192 + 192 + 128));
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kLayerNorm), 2 * wide * 1024);  // before MLA and before the experts
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kMoeActivation), 8 * wide * 512);
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kSharedExperts), wide * (2 * 1024 + 1024));
  // Permuted inputs, gate and up, activation of each assignment, and what shared experts make.
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kMoe), 8 * wide * (1024 + 2 * 512 + 512) + wide * 3 * 1024);
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kMlp), 0);
}

TEST(RecomputeModules, OfADenseBlockDropItsNormedInputToo) {
  // Transformer Engine has that norm inside the first product: 1024 + gate and up 2 x 4096 + activation 4096 columns.
  model::Transformer dense = latent();
  dense.kinds[0].mixer = {.heads = 16, .kv_heads = 4, .head_dim = 64, .v_head_dim = 64};
  dense.kinds[0].feed_forward = {.ffn = 4096};
  const LayerCost cost = cost_of(dense, {}, {.sequence_length = 2048});
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kMlp), 2 * kTokens * (1024 + 3 * 4096));
  EXPECT_DOUBLE_EQ(dropped(cost, Module::kLayerNorm), 0);
  // Three products of 2048 x 1024 x 4096.
  EXPECT_DOUBLE_EQ(cost.modules[static_cast<std::size_t>(Module::kMlp)].flops.value(), 2 * kTokens * 1024 * 3 * 4096);
}

TEST(RecomputeModules, RunTheirProductsAndExchangesAgain) {
  const LayerCost cost = latent_cost({.expert_parallel = 8, .data_parallel = 8});
  const auto of = [&](Module module) { return cost.modules[static_cast<std::size_t>(module)]; };
  // Up-projections into queries (512 -> 16 x 192) and into keys and values (256 -> 16 x 256).
  EXPECT_DOUBLE_EQ(of(Module::kMlaUpProjection).flops.value(), 2 * kTokens * (512.0 * 16 * 192 + 256.0 * 16 * 256));
  EXPECT_EQ(of(Module::kMoeActivation).flops, Flops{});
  EXPECT_GT(of(Module::kMoe).time[Part::kExpertComm], Seconds{});  // dispatch and combine
  EXPECT_EQ(of(Module::kMoe).time[Part::kExpertComm], cost.forward[Part::kExpertComm]);
  EXPECT_EQ(of(Module::kSharedExperts).time[Part::kExpertComm], Seconds{});
  EXPECT_GT(of(Module::kCoreAttention).time[Part::kAttention], Seconds{});
}

TEST(RecomputeModules, OfTheExpertBlockHoldItsParts) {
  const LayerCost cost = latent_cost();
  const ModuleSet all = Module::kMoe | Module::kMoeActivation | ModuleSet(Module::kSharedExperts);
  EXPECT_EQ(held(cost, all), held(cost, Module::kMoe));
  EXPECT_EQ(layer_recompute(cost, selecting(all), {}).time.total(),
            layer_recompute(cost, selecting(Module::kMoe), {}).time.total());
}

TEST(RecomputeModules, NeverHoldMoreNorTakeLessThanASubset) {
  const LayerCost cost = latent_cost();
  const unsigned sets = 1U << workload::kRecomputeModules;
  for (unsigned a = 1; a < sets; ++a) {
    for (unsigned b = 1; b < sets; ++b) {
      const ModuleSet small = ModuleSet::numbered(a), large = ModuleSet::numbered(b);
      if (!large.holds(small)) continue;
      EXPECT_LE(held(cost, large), held(cost, small) + Bytes{1e-3}) << a << " in " << b;
      EXPECT_GE(layer_recompute(cost, selecting(large), {}).time.total(),
                layer_recompute(cost, selecting(small), {}).time.total() * (1 - 1e-12));
      EXPECT_GE(held(cost, large), Bytes{});
    }
  }
}

TEST(OpSelective, KeepsEverySecondProductAndAttentionOfLlama) {
  // torchtitan counts wq, wk, wv, wo, w1, w3, w2 and keeps the first, third, fifth and seventh: 4096 + 1024 + 14336 +
  // 4096 columns; attention keeps its output, 4096 columns, and a log-sum-exp of 4 bytes for 32 heads; the layer's
  // input 4096 columns.
  const model::Transformer llama = setup::load_model(catalog::Catalog(), "llama-3-8b");
  const TrainingJob job{.sequence_length = 2048};
  const LayerCost cost = cost_of(llama, {}, job);
  const LayerRecompute again = layer_recompute(cost, {.recompute = Recompute::kOpSelective}, Bytes{kTokens * 4096 * 2});
  EXPECT_NEAR(again.held.value(), kTokens * (2 * (4096 + 1024 + 14336 + 4096 + 4096 + 4096) + 4 * 32), 1.0);
  EXPECT_NEAR(again.flops.value(), 2 * kTokens * 4096.0 * (1024 + 4096 + 14336), 1e3);
  EXPECT_LT(again.time.total(), cost.recompute_full.total());
  EXPECT_EQ(again.time[Part::kAttention], Seconds{});
}

TEST(OpSelective, KeepsResultsOfReduceScattersAndGathersAgain) {
  const Layout layout{.tensor_parallel = 4, .sequence_parallel = true, .recompute = Recompute::kOpSelective};
  const model::Transformer llama = setup::load_model(catalog::Catalog(), "llama-3-8b");
  const LayerCost cost = cost_of(llama, layout, {.sequence_length = 2048});
  const LayerRecompute again = layer_recompute(cost, layout, {});
  EXPECT_GT(again.time[Part::kTensorComm], Seconds{});
  EXPECT_LT(again.time[Part::kTensorComm], cost.recompute_full[Part::kTensorComm]);
}

StepResult step_of(const Layout& layout) {
  static const model::Transformer llama = setup::load_model(catalog::Catalog(), "llama-3-8b");
  const auto step =
      estimate_step(llama, {.sequence_length = 8192, .global_batch = 8}, layout, h100(), Fidelity::kReplay);
  EXPECT_TRUE(step) << step.why().detail;
  return *step;
}

TEST(FullRecompute, OfEveryNthLayerLiesBetweenNoneAndAll) {
  const StepResult none = step_of({.data_parallel = 8});
  const StepResult half = step_of({.data_parallel = 8, .recompute = Recompute::kFull, .recompute_every = 2});
  const StepResult all = step_of({.data_parallel = 8, .recompute = Recompute::kFull});
  const StepResult layers = step_of({.data_parallel = 8, .recompute = Recompute::kFull, .recompute_layers = 16});
  EXPECT_LT(none.step_time, half.step_time);
  EXPECT_LT(half.step_time, all.step_time);
  EXPECT_NEAR(half.step_time / layers.step_time, 1.0, 1e-12);  // half of 32 layers
  EXPECT_NEAR(half.stages[0].activations / layers.stages[0].activations, 1.0, 1e-12);
  EXPECT_NEAR((half.hardware_flops - none.hardware_flops) / (all.hardware_flops - none.hardware_flops), 0.5, 1e-12);
}

TEST(RecomputeProblem, NamesWhatContradicts) {
  const model::Transformer llama = setup::load_model(catalog::Catalog(), "llama-3-8b");
  const TrainingJob job{.sequence_length = 8192, .global_batch = 8};
  const auto reason = [&](const Layout& layout) {
    const auto why = layout_problem(llama, job, layout);
    return why ? why->reason : "";
  };
  EXPECT_EQ(reason({.data_parallel = 8, .recompute_modules = Module::kMlp}), "recompute-modules");
  EXPECT_EQ(reason({.data_parallel = 8, .recompute = Recompute::kSelective, .recompute_modules = Module::kMoe}),
            "recompute-modules");
  EXPECT_EQ(reason({.data_parallel = 8, .recompute = Recompute::kSelective, .recompute_modules = Module::kMlp}), "");
  EXPECT_EQ(reason({.data_parallel = 8, .recompute_every = 2}), "recompute-every");
  EXPECT_EQ(reason({.data_parallel = 8, .defer_grad_reduce = true}), "reshard");
}

}  // namespace
}  // namespace socle::train
