#include "socle/serve/step_costs.hpp"

#include <algorithm>

#include "socle/graph/forward_ops.hpp"
#include "socle/model/token_cost.hpp"

namespace socle::serve {
namespace {

constexpr double kWide = 2.0;  // bytes of a 16-bit activation

/// Cached tokens that a sequence of this length attends to in this layer.
double visible(const model::Mixer& m, double context) {
  if (m.index_topk > 0) return std::min<double>(context, m.index_topk);
  if (m.chunk > 0) return std::min(context, m.chunk / 2.0);
  return m.window > 0 ? std::min<double>(context, m.window) : context;
}

/// The layer as the busiest rank sees it when every row that comes is for one of its own experts.
kernel::ExpertShape arrived(kernel::ExpertShape shape) {
  const kernel::ExpertLoad load = kernel::expert_load(shape);
  shape.experts /= shape.expert_parallel;
  shape.tokens = std::max(1.0, load.pairs);
  shape.topk = 1;
  shape.expert_parallel = 1;
  return shape;
}

}  // namespace

StepCosts::StepCosts(const Served& served, const machine::Machine& machine, const kernel::ServingKernels& kernels)
    : served_(served), machine_(machine), kernels_(kernels) {
  for (const model::Layer& layer : served_.model.kinds) kinds_.push_back({layer, 0.0});
  for (const int kind : served_.model.kind_of_layer) kinds_[static_cast<std::size_t>(kind)].count += 1.0;
  if (!served_.adapters.any()) return;
  for (const Kind& kind : kinds_) {
    for (const graph::AdaptedMatrix& one :
         graph::adapted_matrices(served_.model, kind.layer, tensor(), served_.adapters.attention_only))
      adapted_.emplace_back(one, kind.count);
  }
}

Seconds StepCosts::ops_time(const std::vector<graph::Op>& ops, model::WeightFormat format) const {
  Seconds total{};
  for (const graph::Op& op : ops) {
    if (op.kind == graph::OpKind::kMemory)
      total += machine_.kernels().memory_time(op.forward_traffic / op.launches).time * op.launches;
    else
      total += kernels_
                   .linear_time({.m = op.m, .n = op.n, .k = op.k, .batch = op.batch},
                                op.wide ? model::WeightFormat::kBf16 : format, served_.kernels)
                   .time;
  }
  return total;
}

Seconds StepCosts::tensor_collective(graph::Collective collective, Bytes buffer) const {
  const int ranks = served_.layout.tensor_parallel;
  if (ranks == 1) return {};
  const int domain = machine_.spec().scale_up_domain;
  if (collective == graph::Collective::kAllReduce && ranks <= domain)
    return kernels_.all_reduce_time(ranks, buffer, served_.kernels).time;
  return machine_.network().collective_time(collective, comm::footprint(ranks, 1, domain), buffer);
}

Seconds StepCosts::matrices(double tokens) const {
  const model::Transformer& model = served_.model;
  const Bytes hidden{tokens * model.hidden * kWide};
  const Seconds reduce = tensor_collective(graph::Collective::kAllReduce, hidden);
  Seconds total = ops_time(graph::embedding_forward(model, tokens), model::WeightFormat::kBf16) + reduce;
  for (const Kind& kind : kinds_) {
    const model::FeedForward& ff = kind.layer.feed_forward;
    Seconds layer =
        ops_time(graph::mixer_forward(model, kind.layer.mixer, tensor(), tokens), served_.formats.attention_format()) +
        ops_time(graph::feed_forward_forward(model, ff, tensor(), tokens), served_.formats.matrices);
    if (kind.layer.mixer.kind != model::MixerKind::kNone) layer += reduce;
    // Lanes that exchange tokens with each other's experts reduce their outputs there.
    const bool exchanged = ff.experts > 0 && served_.layout.data_parallel > 1;
    if (ff.ffn > 0 && !exchanged) layer += reduce;
    total += layer * kind.count;
  }
  return total;
}

// Each lane's tokens go to the ranks of their experts and come back: inside one domain everybody gets all of them
// (all-gather, reduce-scatter: what engines do there unless told otherwise), beyond it they go only to where they are
// routed (all-to-all) when that is faster. A rank of a lane carries 1 / tp of its tokens.
Seconds StepCosts::exchange(const model::FeedForward& ff, double lane_tokens) const {
  const workload::ServingLayout& layout = served_.layout;
  if (layout.data_parallel == 1) return {};
  const double width = ff.latent > 0 ? ff.latent : served_.model.hidden;
  const int domain = machine_.spec().scale_up_domain;
  const comm::Footprint lanes = comm::footprint(layout.data_parallel, layout.tensor_parallel, domain);
  const comm::Footprint all = comm::footprint(layout.ranks(), 1, domain);
  const Bytes gathered{layout.data_parallel * lane_tokens * width * kWide};
  const comm::Network& network = machine_.network();
  const Seconds everybody = network.collective_time(graph::Collective::kAllGather, lanes, gathered) +
                            network.collective_time(graph::Collective::kReduceScatter, lanes, gathered);
  if (layout.ranks() <= domain) return everybody;
  const double routed = lane_tokens / layout.tensor_parallel * std::min<double>(ff.topk, layout.expert_parallel);
  // Inputs travel in 8 bits where experts take them so (DeepEP).
  const bool narrow = served_.formats.experts != model::WeightFormat::kBf16 &&
                      served_.formats.experts != model::WeightFormat::kFp16 &&
                      served_.formats.experts != model::WeightFormat::kInt4WeightOnly;
  const Seconds chosen =
      network.collective_time(graph::Collective::kAllToAll, all, Bytes{routed * width * (narrow ? 1.0 : kWide)}) +
      network.collective_time(graph::Collective::kAllToAll, all, Bytes{routed * width * kWide});
  return std::min(everybody, chosen);
}

Seconds StepCosts::exchanges(double lane_tokens) const {
  Seconds total{};
  for (const Kind& kind : kinds_) {
    const model::FeedForward& ff = kind.layer.feed_forward;
    if (ff.experts > 0) total += exchange(ff, lane_tokens) * kind.count;
  }
  return total;
}

Seconds StepCosts::expert_kernels(double all_tokens) const {
  const workload::ServingLayout& layout = served_.layout;
  Seconds total{};
  for (const Kind& kind : kinds_) {
    const model::FeedForward& ff = kind.layer.feed_forward;
    if (ff.experts == 0) continue;
    kernel::ExpertShape shape{.tokens = all_tokens,
                              .topk = static_cast<double>(ff.topk),
                              .experts = static_cast<double>(ff.experts),
                              .expert_parallel = static_cast<double>(layout.expert_parallel),
                              .hidden = static_cast<double>(ff.latent > 0 ? ff.latent : served_.model.hidden),
                              .ffn = static_cast<double>(ff.ffn) / layout.expert_tensor_parallel(),
                              .gated = ff.gated,
                              .skew = served_.skew};
    // Beyond one domain only what is routed to a rank comes there, so that its kernel does not sort the others' tokens.
    if (layout.data_parallel > 1 && layout.ranks() > machine_.spec().scale_up_domain) shape = arrived(shape);
    total += kernels_.expert_time(shape, served_.formats.experts, served_.kernels).time * kind.count;
  }
  return total;
}

Seconds StepCosts::head(double sequences) const {
  const model::Transformer& model = served_.model;
  // Every rank of a lane has its part of the vocabulary; the logits are gathered.
  return ops_time(graph::head_forward(model, tensor(), sequences), model::WeightFormat::kBf16) +
         tensor_collective(graph::Collective::kAllGather, Bytes{sequences * model.vocab * kWide});
}

Seconds StepCosts::core_decode(const model::Mixer& m, double sequences, double context) const {
  const double heads = m.heads / tensor();
  if (m.kind == model::MixerKind::kNone) return {};
  if (m.kind == model::MixerKind::kLinear) {
    // Each sequence's state, in fp32, is read and written (assumption: as Mamba and delta-net kernels keep it).
    const double state = heads * m.head_dim * static_cast<double>(m.v_head_dim) * 4.0;
    return machine_.kernels().memory_time(Bytes{sequences * 2.0 * state}).time;
  }
  Seconds index{};
  if (m.index_heads > 0)  // the indexer reads a key of every earlier token, in fp8
    index =
        machine_.kernels().memory_time(Bytes{sequences * context * m.index_dim / std::max(1, m.compress)}).time * 2.0;
  const double seen = visible(m, context) + (m.compress > 0 ? context / m.compress : 0.0);
  if (m.kind == model::MixerKind::kMla)
    return index +
           kernels_
               .decode_mla_time({.sequences = sequences,
                                 .heads = heads,
                                 .context = seen,
                                 .latent = static_cast<double>(m.kv_lora),
                                 .rope = static_cast<double>(m.rope_dim),
                                 .kv = served_.formats.kv})
               .time +
           ops_time(graph::absorbed_forward(m, tensor(), sequences), model::WeightFormat::kBf16);
  return index + kernels_
                     .decode_attention_time({.sequences = sequences,
                                             .q_heads = heads,
                                             .kv_heads = std::max(1.0, m.kv_heads / tensor()),
                                             .head_dim = static_cast<double>(m.head_dim),
                                             .v_head_dim = static_cast<double>(m.v_head_dim),
                                             .context = seen,
                                             .window = static_cast<double>(m.compress > 0 ? 0 : m.window),
                                             .kv = served_.formats.kv})
                     .time;
}

Seconds StepCosts::core_prefill(const model::Mixer& m, double tokens, double context) const {
  const double heads = m.heads / tensor();
  if (m.kind == model::MixerKind::kNone) return {};
  if (m.kind == model::MixerKind::kLinear) {
    const double flops = tokens * heads * model::scan_flops_per_head(m);
    // Chunked scans reach about a tenth of the matrix peak (assumption, as in training).
    const Seconds compute = Flops{flops} / (machine_.kernels().peak(model::Recipe::kBf16) * 0.1);
    return compute +
           machine_.kernels().memory_time(Bytes{tokens * heads * (m.head_dim + m.v_head_dim) * 4.0 * kWide}).time;
  }
  Seconds index{};
  if (m.index_heads > 0) {
    const double pairs = tokens * (context + tokens / 2.0) / std::max(1, m.compress);
    index = Flops{2.0 * m.index_heads * m.index_dim * pairs} / (machine_.kernels().peak(model::Recipe::kBf16) * 0.5);
  }
  const double earlier = m.index_topk > 0 ? std::min<double>(context, m.index_topk) : context;
  if (m.kind == model::MixerKind::kMla)
    return index +
           kernels_
               .prefill_mla_time(
                   {.sequences = 1, .heads = heads, .tokens = tokens, .context = earlier, .kv = served_.formats.kv})
               .time +
           ops_time(graph::expanded_forward(m, tensor(), tokens + earlier), served_.formats.attention_format());
  const double window = m.chunk > 0 ? m.chunk / 2.0 : m.window;
  return index + kernels_
                     .prefill_attention_time({.sequences = 1,
                                              .q_heads = heads,
                                              .kv_heads = std::max(1.0, m.kv_heads / tensor()),
                                              .head_dim = static_cast<double>(m.head_dim),
                                              .v_head_dim = static_cast<double>(m.v_head_dim),
                                              .tokens = tokens,
                                              .context = earlier,
                                              .window = window,
                                              .kv = served_.formats.kv})
                     .time;
}

Seconds StepCosts::decode_attention(double sequences, double context) const {
  Seconds total{};
  for (const Kind& kind : kinds_) total += core_decode(kind.layer.mixer, sequences, context) * kind.count;
  return total;
}

Seconds StepCosts::prefill_attention(double tokens, double context) const {
  Seconds total{};
  for (const Kind& kind : kinds_) total += core_prefill(kind.layer.mixer, tokens, context) * kind.count;
  return total;
}

double accepted_drafts(int drafts, double p) {
  double sum = 0, chance = 1;
  for (int i = 0; i < drafts; ++i) sum += chance *= p;
  return sum;
}

Seconds StepCosts::draft(double sequences) const {
  const double all = sequences * served_.layout.data_parallel;
  return (matrices(sequences) + experts(sequences, all)) / served_.model.layers() + head(sequences);
}

Seconds StepCosts::adapters(double tokens, double distinct) const {
  constexpr double kShareOfPeak = 1.0 / 3.0;  // estimate
  constexpr double kSum = 4.0;                // bytes of an fp32 sum between the two kernels
  const double rank = served_.adapters.rank;
  const FlopsPerSecond rate = machine_.kernels().peak(model::Recipe::kBf16) * kShareOfPeak;
  Seconds total{};
  for (const auto& [one, layers] : adapted_) {
    const double between = tokens * one.slices * rank * kSum;
    const Bytes down{tokens * one.in * kWide + distinct * one.slices * rank * one.in * kWide + between};
    const Bytes up{between + distinct * rank * one.out * kWide + 2.0 * tokens * one.out * kWide};
    const Flops work{2.0 * tokens * one.elements(rank)};
    const Seconds traffic = machine_.kernels().memory_time(down).time + machine_.kernels().memory_time(up).time;
    total += std::max(traffic, work / rate) * layers;
  }
  return total;
}

double StepCosts::adapter_launches() const {
  double launches = 0;
  for (const auto& [one, layers] : adapted_) launches += 2.0 * layers;
  return launches;
}

double StepCosts::expert_layers() const {
  double layers = 0;
  for (const Kind& kind : kinds_) layers += kind.layer.feed_forward.experts > 0 ? kind.count : 0.0;
  return layers;
}

double StepCosts::launches() const {
  const auto count = [](const std::vector<graph::Op>& ops) {
    double launches = 0;
    for (const graph::Op& op : ops) launches += op.launches;
    return launches;
  };
  constexpr double kExpertKernels = 7;  // routing, permutation, cast, two products, activation, weighted sum
  const double reduces = served_.layout.tensor_parallel > 1 ? 1.0 : 0.0;
  double total = count(graph::head_forward(served_.model, tensor(), 1.0)) + 2.0;
  for (const Kind& kind : kinds_) {
    const model::FeedForward& ff = kind.layer.feed_forward;
    double layer = count(graph::mixer_forward(served_.model, kind.layer.mixer, tensor(), 1.0)) +
                   count(graph::feed_forward_forward(served_.model, ff, tensor(), 1.0)) + reduces;
    if (kind.layer.mixer.kind != model::MixerKind::kNone) layer += 1.0 + reduces;
    if (kind.layer.mixer.kind == model::MixerKind::kMla) layer += 2.0;
    if (kind.layer.mixer.index_heads > 0) layer += 2.0;  // scores, and the choice of the best
    if (ff.experts > 0) layer += kExpertKernels;
    total += layer * kind.count;
  }
  return total;
}

Seconds StepCosts::stage_hops(double tokens) const {
  const int stages = served_.layout.pipeline_parallel;
  if (stages == 1) return {};
  const Bytes message{tokens * served_.model.hidden * kWide / tensor()};
  return machine_.network().send_time(message, served_.layout.ranks()) * (stages - 1.0);
}

}  // namespace socle::serve
