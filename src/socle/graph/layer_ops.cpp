#include "socle/graph/layer_ops.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "socle/graph/mixer_ops.hpp"
#include "socle/graph/moe_ops.hpp"
#include "socle/workload/training_options.hpp"

namespace socle::graph {

using workload::Layout;
using workload::TrainingJob;

RankShape rank_shape(const model::Transformer& model, const TrainingJob& job, const Layout& layout,
                     const Fusion& fusion) {
  const double tokens = static_cast<double>(layout.microbatch) * job.sequence_length / layout.context_parallel;
  return RankShape{.model = model,
                   .job = job,
                   .layout = layout,
                   .fusion = fusion,
                   .hidden = static_cast<double>(model.hidden),
                   .tokens = tokens,
                   .sharded_tokens = layout.sequence_parallel ? tokens / layout.tensor_parallel : tokens,
                   .tensor = static_cast<double>(layout.tensor_parallel)};
}

namespace {

constexpr double kWide = 2.0;  // bytes of a 16-bit activation

bool has_adapter(std::string_view name, workload::LoraTargets targets) {
  if (name == "qkv" || name == "attention output" || name.starts_with("mla")) return true;
  return targets == workload::LoraTargets::kAll && (name.starts_with("ffn") || name.starts_with("shared expert"));
}

// Rank-r adapter, A [r, k] then B [n, r], and the scaled add to the base's output.
void add_adapter(double m, double n, double k, double rank, std::vector<Op>& ops) {
  ops.push_back(gemm("adapter A", m, rank, k, true));
  ops.push_back(gemm("adapter B", m, n, rank, true));
  ops.push_back(memory("adapter add", Bytes{m * 3 * n * kWide}, Bytes{m * 2 * n * kWide}, 2, 2));
}

// The products that a framework issues for this one when it fuses none: the first has what they share.
std::vector<Op> slices_of(const Op& op) {
  std::vector<Op> slices;
  for (const double columns : op.slices) {
    if (columns <= 0) continue;
    Op one = op;
    one.n = columns;
    one.slices = {};
    if (!slices.empty()) {
      one.saved = one.recompute_traffic = one.norm_traffic = Bytes{};
      one.drops = one.renorms = {};
      one.recomputable = Recomputable::kNo;
    }
    slices.push_back(one);
  }
  return slices.empty() ? std::vector<Op>{op} : slices;
}

// LoRA: adapters beside the attention projections, fused where the projection is; or beside every matrix of attention
// and dense blocks, each matrix and its adapter by itself (Hugging Face PEFT and NeMo Automodel, whose pattern is
// "*_proj"). No base weight gets a gradient, so its input is kept only where an adapter reads it. A quantised base
// widens its weights to 16 bits for every product.
// Source: Hu et al. 2021 (arXiv 2106.09685), section 4.2; Dettmers et al. 2023 (arXiv 2305.14314).
void add_adapters(const RankShape& r, LayerGraph& graph) {
  const bool quantised = r.job.base_format != workload::BaseFormat::kBf16;
  const bool all = r.job.lora_targets == workload::LoraTargets::kAll;
  std::vector<Op> ops;
  for (Op& base : graph.ops) {
    const bool grouped = base.kind == OpKind::kGroupedGemm;
    if ((base.kind != OpKind::kGemm && !grouped) || !base.has_weight) {
      ops.push_back(base);
      continue;
    }
    base.trains = false;
    base.backward_launches = 1;
    if (quantised && !base.wide) {
      base.packed_bytes = workload::base_bytes(r.job.base_format);
      base.launches += grouped ? base.batch : 1;
      base.backward_launches += grouped ? base.batch : 1;
    }
    if (!has_adapter(base.name, r.job.lora_targets)) {
      if (!grouped) base.saved = Bytes{};  // of grouped products it is the output, which the activation reads
      ops.push_back(base);
      continue;
    }
    for (const Op& matrix : all ? slices_of(base) : std::vector<Op>{base}) {
      ops.push_back(matrix);
      add_adapter(matrix.m, matrix.n, matrix.k, r.job.lora_rank, ops);
    }
  }
  graph.ops = std::move(ops);
}

void add_norm_and_residual(const RankShape& r, LayerGraph& graph, const char* name) {
  const double elements = r.sharded_tokens * r.hidden;
  const double residual = kWide * std::max(1, r.model.residual_streams);
  // norm: read x, write y; residual add: read x, read y, write x. Backward: read dy, x, write dx; add dx.
  const bool fused = r.fusion.fused_elementwise;
  Op norm = memory(name, Bytes{elements * (2 * kWide + 3 * residual)}, Bytes{elements * (3 * kWide + 3 * residual)},
                   fused ? 2 : 4, fused ? 3 : 6);
  graph.ops.push_back(saving(norm, elements * residual));
  if (r.job.dropout) {
    const Bytes traffic{elements * (fused ? 1.0 : 5.0)};
    graph.ops.push_back(saving(memory("dropout", traffic, traffic, fused ? 0 : 1, fused ? 0 : 1), elements));
  }
}

void add_dense_feed_forward(const RankShape& r, const model::FeedForward& ff, double tokens, double width, bool shared,
                            LayerGraph& graph) {
  using Module = workload::RecomputeModule;
  const double ffn = width / r.tensor;
  const double matrices = ff.gated ? 2.0 : 1.0;
  const double normed = r.sharded_tokens * r.hidden * kWide;
  const std::size_t first = graph.ops.size();
  Op up = gemm(shared ? "shared expert up" : "ffn up", tokens, matrices * ffn, r.hidden, false);
  up.slices = {ffn, ff.gated ? ffn : 0.0, 0.0};
  up.norm_traffic = Bytes{2 * normed};
  // Transformer Engine has the norm of a dense block inside its first product; the one before experts stands apart.
  const workload::ModuleSet norm = shared ? Module::kLayerNorm : Module::kMlp;
  up.renorms = norm;
  up.drops = norm;
  graph.ops.push_back(light(saving(up, normed), 2 * normed));
  // activation: read the up-projection (and gate), write one tensor; unfused: bias and activation apart.
  const double passes = r.fusion.fused_elementwise ? 1.0 : 2.0;
  graph.ops.push_back(saving(memory("activation", Bytes{tokens * ffn * (matrices + 1) * kWide * passes},
                                    Bytes{tokens * ffn * (2 * matrices + 1) * kWide * passes}, passes, passes + 1),
                             tokens * ffn * matrices * kWide));
  graph.ops.push_back(light(
      saving(gemm(shared ? "shared expert down" : "ffn down", tokens, r.hidden, ffn, false), tokens * ffn * kWide),
      tokens * ffn * (matrices + 1) * kWide));
  const workload::ModuleSet block = shared ? Module::kSharedExperts | Module::kMoe : workload::ModuleSet(Module::kMlp);
  for (std::size_t i = first; i < graph.ops.size(); ++i) {
    graph.ops[i].repeats = block;
    if (i > first) graph.ops[i].drops = block;
  }
}

// Tensor parallel: without sequence parallel one all-reduce after each block, forward and backward; with it an
// all-gather before and a reduce-scatter after, and the backward pass gathers the input again for the weight
// gradient unless the gathered input was kept. Source: Korthikanti et al. 2022, section 4.2.2.
// Recomputing one of the modules `repeats` runs the collectives of one block again.
void add_tensor_parallel(const RankShape& r, double blocks, workload::ModuleSet repeats, LayerGraph& graph) {
  if (r.layout.tensor_parallel == 1) return;
  const Bytes buffer{r.tokens * r.hidden * kWide};
  if (r.layout.sequence_parallel) {
    const double gathers = r.layout.keep_gathered ? blocks : 2 * blocks;
    graph.communications.push_back(
        {"tp all-gather", Collective::kAllGather, Group::kTensor, buffer, blocks, gathers, true, repeats, 1});
    if (r.layout.keep_gathered) {
      // Beside the sharded input that is kept anyway. Writes nothing more: the gathered buffer is not freed.
      graph.ops.push_back(
          saving(memory("gathered inputs", {}, {}, 0, 0), blocks * (r.tokens - r.sharded_tokens) * r.hidden * kWide));
    }
    graph.communications.push_back(
        {"tp reduce-scatter", Collective::kReduceScatter, Group::kTensor, buffer, blocks, blocks, true, repeats, 1});
  } else {
    graph.communications.push_back(
        {"tp all-reduce", Collective::kAllReduce, Group::kTensor, buffer, blocks, blocks, true, repeats, 1});
  }
}

// The working set of the last stage is twice what is saved here: logits and their gradient.
Op vocabulary_loss(const RankShape& r, double logits) {
  switch (r.job.loss) {
    case workload::Loss::kFull: {
      // fp32: logits cast, max, exp-sum, gather; backward writes the softmax gradient.
      const double passes = r.fusion.fused_loss ? 10.0 : 24.0;  // bytes per logit, forward (assumption)
      return saving(
          memory("vocabulary loss", Bytes{logits * passes}, Bytes{logits * 8.0}, r.fusion.fused_loss ? 4 : 10, 3),
          logits * 4.0);
    }
    case workload::Loss::kFused:
      // One kernel reads 16-bit logits for maximum and sum, reads them again and writes the gradient in their place;
      // the backward pass scales it. Source: Transformer Engine, common/triton/cross_entropy.py (recall).
      return saving(memory("fused vocabulary loss", Bytes{logits * 6.0}, Bytes{logits * 4.0}, 2, 1), logits);
    case workload::Loss::kChunked:
      // Logits and gradient in fp32 of one chunk of tokens at a time, forward and backward at once, and the gradient of
      // the head's input in fp32. Source: pytorch/torchtitan 0.3.0 components/loss.py, ChunkedLossWrapper.
      return saving(memory("chunked vocabulary loss", Bytes{logits * 6.0}, Bytes{}, 4 * workload::kLossChunks, 0),
                    logits * 4.0 / workload::kLossChunks + r.tokens * r.hidden * 2.0);
  }
  return {};
}

}  // namespace

Op gemm(const char* name, double m, double n, double k, bool wide) {
  Op op;
  op.name = name;
  op.kind = OpKind::kGemm;
  op.m = m, op.n = n, op.k = k;
  op.wide = wide;
  op.backward_launches = 2;
  return op;
}

Op saving(Op op, double bytes) {
  op.saved = Bytes{bytes};
  return op;
}

Op light(Op op, double traffic) {
  op.recomputable = Recomputable::kLight;
  op.recompute_traffic = Bytes{traffic};
  return op;
}

Op memory(const char* name, Bytes forward, Bytes backward, double launches, double backward_launches) {
  Op op;
  op.name = name;
  op.kind = OpKind::kMemory;
  op.forward_traffic = forward;
  op.backward_traffic = backward;
  op.launches = launches;
  op.backward_launches = backward_launches;
  op.has_weight = false;
  return op;
}

LayerGraph layer_graph(const model::Transformer& model, const model::Layer& layer, const TrainingJob& job,
                       const Layout& layout, const Fusion& fusion) {
  const RankShape r = rank_shape(model, job, layout, fusion);
  LayerGraph graph;
  double tensor_blocks = 0;
  workload::ModuleSet block_modules;  // whose recompute runs the feed-forward block's collectives again
  if (layer.mixer.kind != model::MixerKind::kNone) {
    add_mixer(r, layer.mixer, graph);
    add_norm_and_residual(r, graph, "mixer norm and residual");
    ++tensor_blocks;
  }
  const model::FeedForward& ff = layer.feed_forward;
  if (ff.ffn > 0 || ff.experts > 0) {
    if (ff.inner_weights > 0)
      graph.ops.push_back(gemm("ffn inner", r.tokens, ff.inner_weights / r.hidden / r.tensor, r.hidden, false));
    if (ff.experts > 0) {
      add_experts(r, ff, graph);
      if (ff.shared_ffn > 0) {
        add_dense_feed_forward(r, ff, r.tokens, ff.shared_ffn, true, graph);
        tensor_blocks += 1;
        block_modules = workload::RecomputeModule::kSharedExperts | workload::RecomputeModule::kMoe;
      }
    } else {
      add_dense_feed_forward(r, ff, r.tokens, ff.ffn, false, graph);
      ++tensor_blocks;
      block_modules = workload::RecomputeModule::kMlp;
    }
    add_norm_and_residual(r, graph, "ffn norm and residual");
  }
  add_tensor_parallel(r, tensor_blocks, block_modules, graph);
  if (job.lora) add_adapters(r, graph);
  return graph;
}

LayerGraph embedding_graph(const model::Transformer& model, const TrainingJob& job, const Layout& layout) {
  const RankShape r = rank_shape(model, job, layout, Fusion{});
  LayerGraph graph;
  const double elements = r.tokens * r.hidden;
  // gather rows, write activations; backward: scatter-add into an fp32 gradient.
  graph.ops.push_back(memory("embedding", Bytes{elements * 2 * kWide}, Bytes{elements * (kWide + 8.0)}, 2, 2));
  if (layout.tensor_parallel > 1) {
    graph.communications.push_back(
        {"embedding reduce", layout.sequence_parallel ? Collective::kReduceScatter : Collective::kAllReduce,
         Group::kTensor, Bytes{elements * kWide}, 1, layout.sequence_parallel ? 1.0 : 0.0, false});
  }
  return graph;
}

LayerGraph head_graph(const model::Transformer& model, const TrainingJob& job, const Layout& layout,
                      const Fusion& fusion) {
  const RankShape r = rank_shape(model, job, layout, fusion);
  LayerGraph graph;
  const double vocab = std::ceil(model.vocab / (128.0 * r.tensor)) * 128.0;  // frameworks pad to whole tiles
  Op head = gemm("lm head", r.tokens, vocab, r.hidden, true);
  head.trains = !job.lora;
  graph.ops.push_back(saving(head, r.sharded_tokens * r.hidden * kWide));
  graph.ops.push_back(vocabulary_loss(r, r.tokens * vocab));
  graph.ops.push_back(memory("final norm", Bytes{r.sharded_tokens * r.hidden * 2 * kWide},
                             Bytes{r.sharded_tokens * r.hidden * 3 * kWide}, 1, 2));
  graph.ops.back().saved = Bytes{r.sharded_tokens * r.hidden * kWide};
  if (layout.tensor_parallel > 1) {
    const Bytes hidden_buffer{r.tokens * r.hidden * kWide};
    if (layout.sequence_parallel) {
      graph.communications.push_back(
          {"head all-gather", Collective::kAllGather, Group::kTensor, hidden_buffer, 1, 1, false});
      graph.communications.push_back(
          {"head reduce-scatter", Collective::kReduceScatter, Group::kTensor, hidden_buffer, 0, 1, false});
    } else {
      graph.communications.push_back(
          {"head all-reduce", Collective::kAllReduce, Group::kTensor, hidden_buffer, 0, 1, false});
    }
    graph.communications.push_back(
        {"loss all-reduce", Collective::kAllReduce, Group::kTensor, Bytes{r.tokens * 4.0}, 3, 0, false});
  }
  return graph;
}

}  // namespace socle::graph
