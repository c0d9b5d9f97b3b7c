#include "socle/graph/mixer_ops.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "socle/model/token_cost.hpp"

namespace socle::graph {
namespace {

using Module = workload::RecomputeModule;

constexpr double kWide = 2.0;

// Keys that a query may attend to before causal masking: the window or chunk when there is one.
double visible_window(const model::Mixer& mixer, double sequence) {
  double window = 0;
  if (mixer.window > 0) window = mixer.window;
  if (mixer.chunk > 0)
    window = mixer.chunk / 2.0;  // a chunk of c tokens shows a query c / 2 keys on average, as a window of c / 2 does
  if (mixer.index_topk > 0) window = mixer.index_topk;
  return window < sequence ? window : 0;
}

/// Reads and writes of the score matrix, in 16-bit passes, between the two products.
struct Softmax {
  double forward, backward;
  double launches;  ///< each way
};

// Scale, mask and softmax in one kernel, where a stack has it. Megatron's takes blocks of four score matrices, and
// where heads x batch are no multiple of four it falls back to one operation after the other in fp32 (Megatron-LM,
// megatron/model/fused_softmax.py, is_kernel_available and forward_torch_softmax): cast, scale, mask, softmax, cast:
// 6 + 8 + 9 + 8 + 6 = 37 bytes a score forward, 6 + 12 + 8 + 8 + 6 = 40 backward, of two bytes a pass.
Softmax softmax_passes(const Fusion& fusion, double matrices) {
  if (!fusion.fused_scores) return {8, 7, 4};
  return std::fmod(matrices, 4.0) == 0.0 ? Softmax{2, 3, 1} : Softmax{18, 20, 5};
}

void add_core(const RankShape& r, const model::Mixer& mixer, double q_heads, double kv_heads, LayerGraph& graph) {
  // Packed documents attend to themselves: to a fused kernel they are more and shorter sequences. An unfused one masks
  // the whole square.
  const bool fused = r.job.attention == workload::AttentionKernel::kFlash;
  const double packed = fused ? r.job.packed_length : 0;
  const double sequence = packed > 0 ? std::min<double>(packed, r.job.sequence_length) : r.job.sequence_length;
  const double batch = r.layout.microbatch * (r.job.sequence_length / sequence);
  const std::size_t first = graph.ops.size();
  if (fused) {
    Op op;
    op.name = "attention core";
    op.kind = OpKind::kAttention;
    op.attention = {.batch = batch,
                    .q_heads = q_heads,
                    .kv_heads = kv_heads,
                    .head_dim = static_cast<double>(mixer.head_dim),
                    .v_head_dim = static_cast<double>(mixer.v_head_dim),
                    .seq_q = sequence / r.layout.context_parallel,
                    .seq_kv = sequence,
                    .window = visible_window(mixer, sequence)};
    op.has_weight = false;
    op.backward_launches = 3;
    op.saved = Bytes{batch * q_heads * op.attention.seq_q * 4.0};  // log-sum-exp
    op.drops = op.repeats = Module::kCoreAttention;
    graph.ops.push_back(op);
    return;
  }
  // Unfused: scores materialised in 16 bit. Source of the traffic: Korthikanti et al. 2022, section 4.1.
  const double rows = sequence / r.layout.context_parallel;
  const double scores = batch * q_heads * rows * sequence;
  Op product = gemm("attention scores", rows, sequence, mixer.head_dim, true);
  product.batch = batch * q_heads;
  product.has_weight = false;
  product.recomputable = Recomputable::kScores;
  graph.ops.push_back(product);
  const Softmax passes = softmax_passes(r.fusion, batch * q_heads);
  Op softmax = memory("attention softmax", Bytes{scores * passes.forward * kWide},
                      Bytes{scores * passes.backward * kWide}, passes.launches, passes.launches);
  softmax.saved = Bytes{scores * kWide};
  softmax.recomputable = Recomputable::kScores;
  graph.ops.push_back(softmax);
  if (r.job.dropout) {
    Op dropout = memory("attention dropout", Bytes{scores * 5.0}, Bytes{scores * 5.0}, 1, 1);
    dropout.saved = Bytes{scores * 3.0};  // mask and output
    dropout.recomputable = Recomputable::kScores;
    graph.ops.push_back(dropout);
  }
  Op context = gemm("attention context", rows, mixer.v_head_dim, sequence, true);
  context.batch = batch * q_heads;
  context.has_weight = false;
  context.recomputable = Recomputable::kScores;
  graph.ops.push_back(context);
  for (std::size_t i = first; i < graph.ops.size(); ++i)
    graph.ops[i].drops = graph.ops[i].repeats = Module::kCoreAttention;
}

// Ring: keys and values travel in cp - 1 steps under the attention core, and the backward pass carries their gradients
// too. Each of the cp steps leaves a partial output that is rescaled and added in fp32, forward, and partial gradients
// that are added, backward; of causal halves in zigzag order three quarters of the rows on average.
// Source: Liu et al. 2023 (ring attention, arXiv 2310.01889); Transformer Engine's AttnFuncWithCPAndKVP2P.
void add_ring(const RankShape& r, double q_width, double out_width, double kv_width, LayerGraph& graph) {
  const double steps = r.layout.context_parallel;
  const Bytes gathered{r.tokens * steps * kv_width * kWide};
  graph.communications.push_back(
      {"cp key-value ring", Collective::kRing, Group::kContext, gathered, 1, 2, true, Module::kCoreAttention, 1});
  const double rows = 0.75 * steps * r.tokens;
  Op merge = memory("cp partial results", Bytes{rows * out_width * (4.0 + 4.0 + kWide)},
                    Bytes{rows * (q_width + kv_width) * 3.0 * kWide}, 2 * steps, 2 * steps);
  merge.repeats = Module::kCoreAttention;
  graph.ops.push_back(merge);
}

// Llama 3 (arXiv 2407.21783, section 3.3.2): keys and values are gathered before the core in both passes, their
// gradients scattered after it.
void add_gathered_keys(const RankShape& r, double kv_width, LayerGraph& graph) {
  const Bytes gathered{r.tokens * r.layout.context_parallel * kv_width * kWide};
  graph.communications.push_back({"cp key-value all-gather", Collective::kAllGather, Group::kContext, gathered, 1, 1,
                                  true, Module::kCoreAttention, 1});
  graph.communications.push_back({"cp gradient reduce-scatter", Collective::kReduceScatter, Group::kContext, gathered,
                                  0, 1, false, Module::kCoreAttention, 0});
}

// DeepSpeed-Ulysses (arXiv 2309.14509, section 3): queries, keys and values change from parts of the sequence to parts
// of the heads, outputs back; their gradients the other way.
void add_ulysses(const RankShape& r, double q_width, double out_width, double kv_width, LayerGraph& graph) {
  graph.communications.push_back({"cp heads out", Collective::kAllToAll, Group::kContext,
                                  Bytes{r.tokens * (q_width + kv_width) * kWide}, 1, 1, true, Module::kCoreAttention,
                                  1});
  graph.communications.push_back({"cp heads back", Collective::kAllToAll, Group::kContext,
                                  Bytes{r.tokens * out_width * kWide}, 1, 1, true, Module::kCoreAttention, 1});
}

void add_context_parallel(const RankShape& r, double q_width, double out_width, double kv_width, LayerGraph& graph) {
  if (r.layout.context_parallel == 1) return;
  switch (r.layout.context_exchange) {
    case workload::ContextExchange::kRing:
      return add_ring(r, q_width, out_width, kv_width, graph);
    case workload::ContextExchange::kAllGather:
      return add_gathered_keys(r, kv_width, graph);
    case workload::ContextExchange::kUlysses:
      return add_ulysses(r, q_width, out_width, kv_width, graph);
  }
}

// The indexer of sparse attention scores every earlier token (or block of `compress` tokens) with small heads.
void add_indexer(const RankShape& r, const model::Mixer& mixer, LayerGraph& graph) {
  if (mixer.index_heads == 0 || mixer.index_dim == 0) return;
  const double index = mixer.index_heads * static_cast<double>(mixer.index_dim);
  graph.ops.push_back(gemm("sparse index", r.tokens, index, mixer.q_lora > 0 ? mixer.q_lora : r.hidden, false));
  const double keys = r.job.sequence_length / 2.0 / std::max(1, mixer.compress);
  Op scores = gemm("sparse index scores", r.tokens / r.layout.microbatch, keys, index, false);
  scores.batch = r.layout.microbatch;
  scores.has_weight = false;
  graph.ops.push_back(scores);
}

void add_attention(const RankShape& r, const model::Mixer& mixer, LayerGraph& graph) {
  const double q_heads = mixer.heads / r.tensor;
  const double kv_heads = std::max(1.0, mixer.kv_heads / r.tensor);
  const double q_width = q_heads * mixer.head_dim * (mixer.output_gate ? 2.0 : 1.0);
  const double kv_width = kv_heads * (mixer.head_dim + mixer.v_head_dim);
  const double normed = r.sharded_tokens * r.hidden * kWide;
  const double projected_kv = mixer.reuses_kv ? 0.0 : mixer.shared_kv ? kv_heads * mixer.head_dim : kv_width;
  if (mixer.q_lora > 0) {
    Op down = gemm("qkv", r.sharded_tokens, mixer.q_lora + projected_kv, r.hidden, false);
    down.slices = {static_cast<double>(mixer.q_lora), projected_kv, 0.0};
    graph.ops.push_back(light(saving(down, normed), 2 * normed));
    graph.ops.push_back(
        saving(gemm("query up", r.tokens, q_width, mixer.q_lora, false), r.sharded_tokens * mixer.q_lora * kWide));
  } else {
    Op qkv = gemm("qkv", r.tokens, q_width + projected_kv, r.hidden, false);
    const double keys = mixer.reuses_kv ? 0.0 : kv_heads * mixer.head_dim;
    qkv.slices = {q_width, keys, projected_kv - keys};
    graph.ops.push_back(light(saving(qkv, normed), 2 * normed));
  }
  add_indexer(r, mixer, graph);
  // rotary or bias, and the split: read and write q and k once.
  const double rotated = r.tokens * (q_heads + kv_heads) * mixer.head_dim;
  const double passes = r.fusion.fused_elementwise ? 2.0 : 4.0;
  const double launches = r.fusion.fused_elementwise ? 2 : 6;
  graph.ops.push_back(
      saving(memory("rotary", Bytes{rotated * passes * kWide}, Bytes{rotated * passes * kWide}, launches, launches),
             r.tokens * (q_width + kv_width) * kWide));
  add_core(r, mixer, q_heads, kv_heads, graph);
  const double attended = q_heads * mixer.v_head_dim;
  if (mixer.o_lora > 0) {
    // Output through one low-rank product for each group of heads.
    const double groups = std::max(1.0, mixer.o_groups / r.tensor);
    Op down = gemm("attention output", r.tokens, mixer.o_lora, attended / groups, false);
    down.batch = groups;
    graph.ops.push_back(saving(down, r.tokens * attended * kWide));
    graph.ops.push_back(saving(gemm("output up", r.tokens, r.hidden, groups * mixer.o_lora, false),
                               r.tokens * groups * mixer.o_lora * kWide));
  } else {
    graph.ops.push_back(
        saving(gemm("attention output", r.tokens, r.hidden, attended, false), r.tokens * attended * kWide));
  }
  add_context_parallel(r, q_heads * mixer.head_dim, attended, kv_width, graph);
}

// MLA, not absorbed (training): down-projections, norms, up-projections, then attention with all heads distinct.
// Source: DeepSeek-V2 (arXiv 2405.04434), section 2.1.
void add_mla(const RankShape& r, const model::Mixer& mixer, LayerGraph& graph) {
  const double heads = mixer.heads / r.tensor;
  const double nope = mixer.head_dim - mixer.rope_dim;
  const double down = mixer.q_lora + mixer.kv_lora + mixer.rope_dim;
  const double normed = r.sharded_tokens * r.hidden * kWide;
  const std::size_t first = graph.ops.size();
  if (mixer.q_lora > 0) {
    Op into = gemm("mla down", r.sharded_tokens, down, r.hidden, false);
    into.slices = {static_cast<double>(mixer.q_lora), static_cast<double>(mixer.kv_lora + mixer.rope_dim), 0.0};
    graph.ops.push_back(saving(into, normed));
    graph.ops.push_back(gemm("mla query up", r.tokens, heads * mixer.head_dim, mixer.q_lora, false));
  } else {
    graph.ops.push_back(saving(gemm("mla query", r.tokens, heads * mixer.head_dim, r.hidden, false), normed));
    graph.ops.push_back(gemm("mla down", r.sharded_tokens, mixer.kv_lora + mixer.rope_dim, r.hidden, false));
  }
  graph.ops.push_back(gemm("mla key-value up", r.tokens, heads * (nope + mixer.v_head_dim), mixer.kv_lora, false));
  const double assembled = r.tokens * heads * (2.0 * mixer.head_dim + mixer.v_head_dim);
  Op assemble = memory("mla norm, rotary, concat", Bytes{(assembled * 2 + r.sharded_tokens * down * 2) * kWide},
                       Bytes{(assembled * 2 + r.sharded_tokens * down * 3) * kWide}, 6, 7);
  // The light recipe runs the up-projections again instead of keeping every head's query, key and value.
  graph.ops.push_back(light(saving(assemble, assembled * kWide), 2 * assembled * kWide));
  // The norm before MLA stands apart; the products up into heads and what assembles them are one module.
  graph.ops[first].norm_traffic = Bytes{2 * normed};
  graph.ops[first].renorms = graph.ops[first].drops = Module::kLayerNorm;
  for (std::size_t i = first; i < graph.ops.size(); ++i) {
    if (std::string_view(graph.ops[i].name) != "mla down") graph.ops[i].repeats = Module::kMlaUpProjection;
  }
  graph.ops.back().drops = Module::kMlaUpProjection;
  graph.ops.push_back(saving(memory("mla latent", Bytes{}, Bytes{}, 0, 0), 2 * r.sharded_tokens * down * kWide));
  add_indexer(r, mixer, graph);
  add_core(r, mixer, heads, heads, graph);
  graph.ops.push_back(saving(gemm("attention output", r.tokens, r.hidden, heads * mixer.v_head_dim, false),
                             r.tokens * heads * mixer.v_head_dim * kWide));
  const double keys = heads * mixer.head_dim, values = heads * mixer.v_head_dim;
  add_context_parallel(r, keys, values, keys + values, graph);
}

// Linear recurrent mixers as chunked matrix products: within a chunk of c tokens scores and outputs, between chunks
// the state. FLOPs per token and head: 2 c (d_k + d_v) / 2 inside (causal half) + 4 d_k d_v for the state.
// Source: Dao and Gu 2024 (Mamba-2, arXiv 2405.21060), section 6, chunk 128; the gated delta rule adds the
// inverse of a c x c triangle, counted as c d_k more.
void add_linear(const RankShape& r, const model::Mixer& mixer, LayerGraph& graph) {
  const double v_heads = mixer.heads / r.tensor;
  const double k_heads = std::max(1.0, mixer.kv_heads / r.tensor);
  const double v_width = v_heads * mixer.v_head_dim;
  const double k_width = k_heads * mixer.head_dim;
  // Value, gate, key, query and step of Mamba-2, or what the model says.
  const double projected = mixer.in_width > 0 ? mixer.in_width / r.tensor : 2.0 * v_width + 2.0 * k_width + v_heads;
  graph.ops.push_back(
      saving(gemm("linear mixer in", r.tokens, projected, r.hidden, false), r.sharded_tokens * r.hidden * kWide));
  const double conv_width = mixer.conv_channels > 0 ? mixer.conv_channels / r.tensor : v_width + 2.0 * k_width;
  graph.ops.push_back(memory("short convolution", Bytes{r.tokens * conv_width * 2 * kWide},
                             Bytes{r.tokens * conv_width * 4 * kWide}, 2, 4));
  Op scan;
  scan.name = "linear scan";
  scan.kind = OpKind::kScan;
  scan.scan_flops = Flops{r.tokens * v_heads * model::scan_flops_per_head(mixer)};
  const double state = v_heads * mixer.head_dim * static_cast<double>(mixer.v_head_dim) * 4.0 / model::kScanChunk;
  scan.forward_traffic = Bytes{r.tokens * ((2 * v_width + 2 * k_width) * kWide + 2 * state)};
  scan.backward_traffic = Bytes{r.tokens * ((5 * v_width + 5 * k_width) * kWide + 4 * state)};
  scan.launches = 5;
  scan.backward_launches = 8;
  scan.saved = Bytes{r.tokens * (projected + conv_width) * kWide};
  scan.has_weight = false;
  graph.ops.push_back(scan);
  graph.ops.push_back(
      saving(memory("gated norm", Bytes{r.tokens * v_width * 3 * kWide}, Bytes{r.tokens * v_width * 5 * kWide}, 1, 2),
             r.tokens * v_width * kWide));
  graph.ops.push_back(saving(gemm("linear mixer out", r.tokens, r.hidden, v_width, false), r.tokens * v_width * kWide));
}

}  // namespace

void add_mixer(const RankShape& r, const model::Mixer& mixer, LayerGraph& graph) {
  if (mixer.inner_weights > 0)
    graph.ops.push_back(gemm("mixer inner", r.tokens, mixer.inner_weights / r.hidden / r.tensor, r.hidden, false));
  switch (mixer.kind) {
    case model::MixerKind::kAttention:
      add_attention(r, mixer, graph);
      break;
    case model::MixerKind::kMla:
      add_mla(r, mixer, graph);
      break;
    case model::MixerKind::kLinear:
      add_linear(r, mixer, graph);
      break;
    case model::MixerKind::kNone:
      break;
  }
}

}  // namespace socle::graph
