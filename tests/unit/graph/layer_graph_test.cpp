#include "socle/graph/layer_ops.hpp"

#include <cmath>
#include <string_view>

#include <gtest/gtest.h>

namespace socle::graph {
namespace {

using model::Transformer;
using workload::AttentionKernel;
using workload::Layout;
using workload::TrainingJob;

// A GPT block: h = 1024, 16 heads of 64, ungated feed-forward of 4 h. Its matrices hold 12 h^2 weights.
constexpr double kHidden = 1024, kHeads = 16, kSequence = 2048;

Transformer gpt() {
  Transformer m;
  m.hidden = 1024;
  m.vocab = 51200;
  model::Layer layer;
  layer.mixer = {.heads = 16, .kv_heads = 16, .head_dim = 64, .v_head_dim = 64};
  layer.feed_forward = {.ffn = 4096, .gated = false};
  m.kinds = {layer};
  m.kind_of_layer = {0};
  return m;
}

Transformer moe() {
  Transformer m = gpt();
  m.kinds[0].feed_forward = {.ffn = 512, .experts = 64, .topk = 8};
  return m;
}

TrainingJob job() { return {.sequence_length = 2048, .global_batch = 8}; }

LayerGraph layer_of(const Transformer& m, const TrainingJob& j, const Layout& layout, const Fusion& fusion = {}) {
  return layer_graph(m, m.kinds[0], j, layout, fusion);
}

double weight_gemm_flops(const LayerGraph& graph) {
  double flops = 0;
  for (const Op& op : graph.ops) {
    const bool product = op.kind == OpKind::kGemm || op.kind == OpKind::kGroupedGemm;
    if (product && op.has_weight) flops += 2 * op.m * op.n * op.k * op.batch;
  }
  return flops;
}

double saved_bytes(const LayerGraph& graph, bool without_scores = false) {
  double bytes = 0;
  for (const Op& op : graph.ops) {
    if (!without_scores || op.recomputable != Recomputable::kScores) bytes += op.saved.value();
  }
  return bytes;
}

const Op& op_named(const LayerGraph& graph, std::string_view name) {
  for (const Op& op : graph.ops) {
    if (name == op.name) return op;
  }
  throw std::runtime_error("no operation " + std::string(name));
}

const Communication* communication(const LayerGraph& graph, std::string_view name) {
  for (const Communication& c : graph.communications) {
    if (name == c.name) return &c;
  }
  return nullptr;
}

TEST(LayerGraph, MatrixProductsCostTwoFlopsPerWeightAndToken) {
  // 12 h^2 weights, 2 sequences of 2048 tokens.
  const LayerGraph graph = layer_of(gpt(), job(), Layout{.microbatch = 2});
  EXPECT_DOUBLE_EQ(weight_gemm_flops(graph), 2 * 12 * kHidden * kHidden * 2 * kSequence);
}

TEST(LayerGraph, TensorParallelRanksShareTheProductsEvenly) {
  const double whole = weight_gemm_flops(layer_of(gpt(), job(), Layout{}));
  for (const int tp : {2, 4, 8, 16}) {
    EXPECT_DOUBLE_EQ(tp * weight_gemm_flops(layer_of(gpt(), job(), Layout{.tensor_parallel = tp})), whole) << tp;
  }
}

TEST(LayerGraph, GroupedQueriesAndGatesCountTheirOwnWidths) {
  // 8 query heads of 128 over 2 key-value heads: 1024 (1024 + 2 x 256) + 1024 x 1024; gated: 3 x 1024 x 2816.
  Transformer m = gpt();
  m.kinds[0].mixer = {.heads = 8, .kv_heads = 2, .head_dim = 128, .v_head_dim = 128};
  m.kinds[0].feed_forward = {.ffn = 2816, .gated = true};
  const double weights = 1024.0 * (1024 + 512) + 1024.0 * 1024 + 3 * 1024.0 * 2816;
  EXPECT_DOUBLE_EQ(weight_gemm_flops(layer_of(m, job(), Layout{})), 2 * weights * kSequence);
}

TEST(LayerGraph, HeadMultipliesByThePaddedVocabulary) {
  // 51200 = 400 tiles of 128 fits as it is on 4 ranks; 50257 pads to 128 x ceil(50257 / 512) = 12672 on each.
  Transformer m = gpt();
  const Layout layout{.tensor_parallel = 4};
  EXPECT_DOUBLE_EQ(op_named(head_graph(m, job(), layout, {}), "lm head").n, 12800);
  m.vocab = 50257;
  EXPECT_DOUBLE_EQ(op_named(head_graph(m, job(), layout, {}), "lm head").n, 12672);
}

struct Activations {
  int tp;
  bool sequence_parallel;
  double per_sbh;  ///< bytes over s b h beside the scores
};

// Korthikanti et al. 2022 (arXiv 2205.05198), table 2, 16-bit activations with dropout:
//   tensor parallel             s b h (10 + 24 / t + 5 a s / (h t))
//   with sequence parallel      s b h (34 / t + 5 a s / (h t));   selective recompute drops the term of the scores.
TEST(Activations, EqualTableTwoOfKorthikanti) {
  TrainingJob j = job();
  j.attention = AttentionKernel::kUnfused;
  j.dropout = true;
  for (const Activations& c :
       {Activations{1, false, 34}, {2, false, 10 + 12.0}, {8, false, 10 + 3.0}, {2, true, 17}, {8, true, 4.25}}) {
    const int b = 4;
    const LayerGraph graph =
        layer_of(gpt(), j, Layout{.tensor_parallel = c.tp, .sequence_parallel = c.sequence_parallel, .microbatch = b});
    const double sbh = kSequence * b * kHidden;
    const double scores = 5 * kHeads * kSequence / (kHidden * c.tp);
    EXPECT_NEAR(saved_bytes(graph), sbh * (c.per_sbh + scores), 1e-9 * sbh) << c.tp << ' ' << c.sequence_parallel;
    EXPECT_NEAR(saved_bytes(graph, true), sbh * c.per_sbh, 1e-9 * sbh) << c.tp << ' ' << c.sequence_parallel;
  }
}

TEST(Activations, FlashAttentionKeepsALogSumInsteadOfScores) {
  // 34 s b h less two dropout masks of s b h, and 4 bytes for each head and token.
  const double tokens = kSequence;
  EXPECT_DOUBLE_EQ(saved_bytes(layer_of(gpt(), job(), Layout{})), 32 * tokens * kHidden + 4 * kHeads * tokens);
}

TEST(TensorParallel, ReducesTwiceEachWayWithoutSequenceParallel) {
  // One all-reduce of s b h 2 bytes after each of two blocks, forward and backward.
  const LayerGraph graph = layer_of(gpt(), job(), Layout{.tensor_parallel = 4, .microbatch = 2});
  const Communication* reduce = communication(graph, "tp all-reduce");
  ASSERT_NE(reduce, nullptr);
  EXPECT_EQ(graph.communications.size(), 1u);
  EXPECT_DOUBLE_EQ(reduce->forward, 2);
  EXPECT_DOUBLE_EQ(reduce->backward, 2);
  EXPECT_DOUBLE_EQ(reduce->buffer.value(), 2 * 2 * kSequence * kHidden);
}

TEST(TensorParallel, GathersAndScattersWithSequenceParallel) {
  // The backward pass gathers the output gradient and, for the weight gradient, the input again: 2 + 2 gathers.
  const LayerGraph graph = layer_of(gpt(), job(), Layout{.tensor_parallel = 4, .sequence_parallel = true});
  const Communication* gather = communication(graph, "tp all-gather");
  const Communication* scatter = communication(graph, "tp reduce-scatter");
  ASSERT_TRUE(gather && scatter);
  EXPECT_DOUBLE_EQ(gather->forward, 2);
  EXPECT_DOUBLE_EQ(gather->backward, 4);
  EXPECT_DOUBLE_EQ(scatter->forward, 2);
  EXPECT_DOUBLE_EQ(scatter->backward, 2);
}

TEST(TensorParallel, IsSilentOnOneRank) { EXPECT_TRUE(layer_of(gpt(), job(), Layout{}).communications.empty()); }

TEST(Experts, EachTokenMeetsItsChosenExpertsOnce) {
  // 8 of 64 experts, 3 matrices of 1024 x 512, and the router's 64 columns; attention 4 h^2. However ep splits them.
  const double weights = 4 * kHidden * kHidden + 8 * 3 * 1024.0 * 512 + 1024.0 * 64;
  for (const int ep : {1, 4, 32}) {
    EXPECT_DOUBLE_EQ(weight_gemm_flops(layer_of(moe(), job(), Layout{.expert_parallel = ep, .data_parallel = ep})),
                     2 * weights * kSequence)
        << ep;
  }
}

TEST(Experts, AreIssuedOneByOne) {
  const LayerGraph graph = layer_of(moe(), job(), Layout{.expert_parallel = 4, .data_parallel = 4});
  EXPECT_EQ(op_named(graph, "expert up").launches, 16);
  EXPECT_EQ(op_named(graph, "expert down").backward_launches, 32);
}

TEST(UnfusedSoftmax, FusesInBlocksOfFourHeadsTimesBatch) {
  TrainingJob j = job();
  j.attention = workload::AttentionKernel::kUnfused;
  const auto launches = [&](int tensor, int microbatch) {
    const LayerGraph graph =
        layer_of(gpt(), j, Layout{.tensor_parallel = tensor, .microbatch = microbatch}, Fusion{.fused_scores = true});
    return op_named(graph, "attention softmax").launches;
  };
  EXPECT_EQ(launches(4, 1), 1) << "16 heads over 4 ranks";
  EXPECT_EQ(launches(8, 1), 5) << "2 heads: falls back";
  EXPECT_EQ(launches(8, 2), 1);
}

TEST(Experts, ADispatchCarriesEachTokenToEachOfItsExperts) {
  // 2048 tokens x 8 experts x 1024 x 2 bytes; over 4 tensor-parallel ranks a quarter of the tokens.
  const auto buffer = [](const Layout& layout) {
    return communication(layer_of(moe(), job(), layout), "ep dispatch")->buffer.value();
  };
  EXPECT_DOUBLE_EQ(buffer({.expert_parallel = 8, .data_parallel = 8}), 2048.0 * 8 * 1024 * 2);
  EXPECT_DOUBLE_EQ(buffer({.tensor_parallel = 4, .sequence_parallel = true, .expert_parallel = 8, .data_parallel = 2}),
                   2048.0 / 4 * 8 * 1024 * 2);
  EXPECT_EQ(communication(layer_of(moe(), job(), Layout{}), "ep dispatch"), nullptr);
}

TEST(Experts, ADeduplicatedDispatchHandsOverOneCopyOfEachTokenAndItsChoices) {
  const LayerGraph graph = layer_of(moe(), job(), Layout{.expert_parallel = 2, .data_parallel = 2},
                                    Fusion{.dispatcher = workload::Dispatcher::kDeepEp});
  EXPECT_DOUBLE_EQ(communication(graph, "ep dispatch")->buffer.value(), 2048.0 * 1024 * 2);
  EXPECT_EQ(communication(graph, "ep dispatch")->choices, 8);
}

TEST(Lora, FrozenWeightsGetNoGradient) {
  TrainingJob j = job();
  j.lora = true;
  j.lora_rank = 16;
  const LayerGraph graph = layer_of(gpt(), j, Layout{});
  double trained = 0;
  for (const Op& op : graph.ops) {
    if (op.kind != OpKind::kGemm || !op.has_weight) continue;
    EXPECT_EQ(op.trains, std::string_view(op.name).starts_with("adapter")) << op.name;
    if (op.trains) trained += op.n * op.k;
  }
  // Adapters beside the projections 1024 -> 3072 and 1024 -> 1024: r (in + out) each.
  EXPECT_DOUBLE_EQ(trained, 16 * (1024 + 3072) + 16 * (1024 + 1024));
  EXPECT_FALSE(op_named(head_graph(gpt(), j, Layout{}, {}), "lm head").trains);
}

TEST(ContextParallel, SharesTokensAndRotatesKeysAndValues) {
  const LayerGraph graph = layer_of(gpt(), job(), Layout{.context_parallel = 2});
  EXPECT_DOUBLE_EQ(op_named(graph, "qkv").m, kSequence / 2);
  const AttentionShape& core = op_named(graph, "attention core").attention;
  EXPECT_DOUBLE_EQ(core.seq_q, kSequence / 2);
  EXPECT_DOUBLE_EQ(core.seq_kv, kSequence);
  // Keys and values of the whole sequence: 2048 x 2 x 1024 x 2 bytes; with their gradients on the way back.
  const Communication* ring = communication(graph, "cp key-value ring");
  ASSERT_NE(ring, nullptr);
  EXPECT_DOUBLE_EQ(ring->buffer.value(), kSequence * 2 * kHidden * 2);
  EXPECT_DOUBLE_EQ(ring->backward, 2 * ring->forward);
}

TEST(LatentAttention, HoldsTheWeightsOfDeepSeekV3) {
  // 7168 (1536 + 512 + 64) + 1536 x 128 x 192 + 512 x 128 x 256 + 128 x 128 x 7168 = 187,105,280.
  Transformer m = gpt();
  m.hidden = 7168;
  m.kinds[0].mixer = {.kind = model::MixerKind::kMla,
                      .heads = 128,
                      .kv_heads = 128,
                      .head_dim = 192,
                      .v_head_dim = 128,
                      .q_lora = 1536,
                      .kv_lora = 512,
                      .rope_dim = 64};
  m.kinds[0].feed_forward = {};
  EXPECT_DOUBLE_EQ(weight_gemm_flops(layer_of(m, job(), Layout{})), 2 * 187105280.0 * kSequence);
  EXPECT_DOUBLE_EQ(op_named(layer_of(m, job(), Layout{.tensor_parallel = 8}), "attention core").attention.q_heads, 16);
}

TEST(LinearMixer, ScansInChunksOfOneHundredAndTwentyEight) {
  // 16 value heads, d_k = d_v = 64: each token and head 128 (64 + 64) inside the chunk and 4 x 64 x 64 for the state.
  Transformer m = gpt();
  m.kinds[0].mixer = {.kind = model::MixerKind::kLinear,
                      .heads = 16,
                      .kv_heads = 16,
                      .head_dim = 64,
                      .v_head_dim = 64,
                      .conv_width = 4};
  const LayerGraph graph = layer_of(m, job(), Layout{});
  EXPECT_DOUBLE_EQ(op_named(graph, "linear scan").scan_flops.value(), kSequence * 16 * (128.0 * 128 + 4 * 64 * 64));
  // Value, gate, key and query of 1024 each, one step width per head.
  EXPECT_DOUBLE_EQ(op_named(graph, "linear mixer in").n, 4 * 1024 + 16);
}

TEST(SlidingWindow, ShowsAtMostTheSequence) {
  Transformer m = gpt();
  m.kinds[0].mixer.window = 512;
  EXPECT_DOUBLE_EQ(op_named(layer_of(m, job(), Layout{}), "attention core").attention.window, 512);
  m.kinds[0].mixer.window = 4096;  // wider than the sequence: no window
  EXPECT_DOUBLE_EQ(op_named(layer_of(m, job(), Layout{}), "attention core").attention.window, 0);
}

TEST(Recompute, LightRecipeBesideFlashNeedsNoMatrixProduct) {
  double regained = 0;
  for (const Op& op : layer_of(gpt(), job(), Layout{}).ops) {
    if (op.recomputable != Recomputable::kLight) continue;
    regained += op.saved.value();
    EXPECT_GT(op.recompute_traffic.value(), 0) << op.name;
  }
  // Both normed inputs (2 s b h each) and the activation's output (8 s b h).
  EXPECT_DOUBLE_EQ(regained, 12 * kSequence * kHidden);
}

}  // namespace
}  // namespace socle::graph
