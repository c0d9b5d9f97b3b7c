#include "socle/train/stage_cost.hpp"

#include <algorithm>

#include "socle/train/layer_recompute.hpp"
#include "socle/train/schedules/schedules.hpp"
#include "socle/train/shard_traffic.hpp"
#include "socle/workload/stage_plan.hpp"

namespace socle::train {

using workload::Layout;
using workload::Recompute;
using workload::Sharding;

comm::Footprint data_footprint(const Layout& layout, int domain) {
  const int ranks = layout.data_parallel * layout.context_parallel;
  const int stride = layout.tensor_parallel * (layout.pipeline_inside_data() ? layout.pipeline_parallel : 1);
  return comm::footprint(layout.shard_size > 0 ? std::min(layout.shard_size, ranks) : ranks, stride, domain);
}

comm::Footprint expert_data_footprint(const Layout& layout, int domain) {
  const int held = layout.expert_parallel * layout.expert_tensor_parallel;
  const int ranks = std::max(1, layout.data_parallel * layout.context_parallel * layout.tensor_parallel / held);
  return comm::footprint(layout.shard_size > 0 ? std::min(layout.shard_size, ranks) : ranks, held, domain);
}

namespace {

// At its peak the head holds, in what its loss saves (a full loss: 4 bytes a logit): that and its gradient; of loose
// operations 14 bytes a logit: log-softmax 4, its gradient 4, that of the fp32 logits 4, of the 16-bit ones 2.
constexpr double kOneLoss = 2.0, kLooseLoss = 14.0 / 4.0;

// What streams over the host link while a layer works: weights in before both passes, activations out under the forward
// pass and back in under the backward pass. The link is full duplex and copies run beside compute, so the device waits
// only for what is longer than the layer's own time (Ren et al. 2021, ZeRO-Offload, arXiv 2101.06840, section 4).
struct HostTraffic {
  Bytes weights{};       ///< of one layer
  Bytes activations{};   ///< of one layer that is offloaded, one microbatch
  double offloaded = 0;  ///< layers of the chunk whose activations wait in host memory
};

void add_host_traffic(const HostTraffic& traffic, const LayerCost& layer, double layers, BytesPerSecond link,
                      ChunkCost& chunk) {
  const auto wait = [&](double count, Bytes in, Bytes out, const PartTimes& pass, PartTimes& times) {
    times[Part::kHost] += std::max(Seconds{}, std::max(in, out) / link - pass.total()) * count;
  };
  wait(traffic.offloaded, traffic.weights, traffic.activations, layer.forward, chunk.forward);
  wait(traffic.offloaded, traffic.weights + traffic.activations, {}, layer.backward, chunk.backward);
  wait(layers - traffic.offloaded, traffic.weights, {}, layer.forward, chunk.forward);
  wait(layers - traffic.offloaded, traffic.weights, {}, layer.backward, chunk.backward);
}

struct LayerUse {
  const LayerCost* cost;
  double layers;
  double recomputed;  ///< of those, recomputed as the layout says
};

void add_layers(const LayerUse& use, const Layout& layout, Bytes layer_input, ChunkCost& chunk) {
  const LayerCost& cost = *use.cost;
  chunk.forward.add_scaled(cost.forward, use.layers);
  chunk.backward.add_scaled(cost.backward, use.layers);
  chunk.weight += cost.weight.total() * use.layers;
  chunk.at_peak += (cost.forward_at_peak + cost.backward_at_peak) * use.layers;
  chunk.measured += cost.measured * use.layers;
  const LayerRecompute again = layer_recompute(cost, layout, layer_input);
  chunk.recompute.add_scaled(again.time, use.recomputed);
  chunk.held += again.held * use.recomputed;
  if (use.recomputed < use.layers) chunk.held += cost.saved * (use.layers - use.recomputed);
}

// Ends of the chain: costs without held activations (the loss runs its backward pass at once).
void add_end(const LayerCost& cost, ChunkCost& chunk) {
  chunk.forward += cost.forward;
  chunk.backward += cost.backward;
  chunk.weight += cost.weight.total();
  chunk.at_peak += cost.forward_at_peak + cost.backward_at_peak;
  chunk.measured += cost.measured;
}

// One position of the chain: what it costs and what it stores.
struct Position {
  ChunkCost chunk;
  memory::StageParameters parameters;
  double trained = 0;
  Bytes working{};
  Flops orthogonalised{};
};

// Builds positions; those that hold the same layers and no end of the chain are alike and built once.
// Requires: at most a handful of kinds of layers, so that a linear look-up is short.
class PositionBuilder {
 public:
  PositionBuilder(const model::Transformer& model, const workload::TrainingJob& job, const Layout& layout,
                  const machine::Machine& machine, const CostSet& costs, const Program& shape)
      : model_(model),
        job_(job),
        layout_(layout),
        machine_(machine),
        costs_(costs),
        shape_(shape),
        traffic_(model.kinds.size()),
        counts_(model.kinds.size()) {
    const std::vector<int> split =
        workload::split_layers(model.layers(), shape.chain_length(), job.mtp ? model.mtp_layers : 0);
    first_.assign(split.size() + 1, 0);
    for (std::size_t i = 0; i < split.size(); ++i) first_[i + 1] = first_[i] + split[i];
    for (std::size_t k = 0; layout.sharding == Sharding::kZero3 && k < model.kinds.size(); ++k) {
      traffic_[k] = shard_traffic({costs.dense_parameters[k], costs.expert_parameters[k], costs.trained_parameters[k]},
                                  costs.kinds[k], job, layout, machine);
    }
    find_kinds();
  }

  const std::vector<Position>& kinds() const { return kinds_; }
  /// Index of the kind of a position of the chain.
  int kind(int position) const { return kind_of_position_[static_cast<std::size_t>(position)]; }

 private:
  // Most positions are like the one before: with one kind of layer equal numbers suffice, else the layers are counted.
  void find_kinds() {
    const int length = shape_.chain_length();
    kind_of_position_.reserve(static_cast<std::size_t>(length));
    kinds_.reserve(4);
    const bool uniform = model_.kinds.size() == 1;
    for (int position = 0; position < length; ++position) {
      const bool end = position == 0 || position + 1 == length;
      const bool like_last = uniform && !end && position > 1 && layers_at(position) == layers_at(position - 1);
      kind_of_position_.push_back(like_last ? kind_of_position_.back() : kind_by_count(position, end));
    }
  }

  int kind_by_count(int position, bool end) {
    count_layers(position);
    for (std::size_t i = known_.size(); !end && i-- > 0;) {
      if (counts_ == known_[i]) return static_cast<int>(i);
    }
    kinds_.push_back(build(position));
    known_.push_back(counts_);
    if (end) known_.back().front() = -1;  // an end is never reused
    return static_cast<int>(kinds_.size()) - 1;
  }

  int layers_at(int position) const {
    return first_[static_cast<std::size_t>(position) + 1] - first_[static_cast<std::size_t>(position)];
  }

  void count_layers(int position) {
    std::fill(counts_.begin(), counts_.end(), 0);
    const std::size_t i = static_cast<std::size_t>(position);
    for (int l = first_[i]; l < first_[i + 1]; ++l)
      ++counts_[static_cast<std::size_t>(model_.kind_of_layer[static_cast<std::size_t>(l)])];
    if (position + 1 == shape_.chain_length()) {
      for (int m = 0; m < mtp(); ++m) {
        for (const int kind : model::mtp_module(model_)) ++counts_[static_cast<std::size_t>(kind)];
      }
    }
  }

  int mtp() const { return job_.mtp ? model_.mtp_layers : 0; }

  Position build(int position) const {
    Position built;
    add_body(position, built);
    if (position == 0) {
      add_end(costs_.embedding, built.chunk);
      built.parameters.dense += costs_.embedding_parameters;
      built.parameters.ends += costs_.embedding_parameters;
      built.trained += job_.lora ? 0.0 : costs_.embedding_parameters;
    }
    if (position + 1 == shape_.chain_length()) add_head(position, built);
    built.chunk.backward += built.chunk.recompute;
    built.chunk.held *= 1.0 - offloaded_share(position);
    return built;
  }

  // Of the activations at a position, those that wait in host memory.
  double offloaded_share(int position) const {
    const int layers = layers_at(position);
    return layout_.offload_layers > 0 && layers > 0
               ? std::min(1.0, static_cast<double>(layout_.offload_layers) / shape_.chunks / layers)
               : 0.0;
  }

  void add_offload(std::size_t kind, double layers, double share, Position& built) const {
    const LayerCost& cost = costs_.kinds[kind];
    const Bytes kept = layer_recompute(cost, layout_, costs_.layer_input).held;
    const double weights =
        layout_.offload_weights ? costs_.dense_parameters[kind] + costs_.expert_parameters[kind] : 0.0;
    add_host_traffic({.weights = Bytes{2.0 * weights}, .activations = kept, .offloaded = layers * share}, cost, layers,
                     machine_.host_link(), built.chunk);
    // One layer's activations on their way out and one's on their way in.
    if (share > 0) built.working = std::max(built.working, kept * 2.0);
  }

  void add_body(int position, Position& built) const {
    const double share = offloaded_share(position);
    const bool full = layout_.recompute == Recompute::kFull;
    double to_recompute =
        full && layout_.recompute_layers > 0 ? static_cast<double>(layout_.recompute_layers) / shape_.chunks : 1e9;
    for (std::size_t k = 0; k < model_.kinds.size(); ++k) {
      const double layers = counts_[k];
      if (layers == 0) continue;
      const double recomputed =
          full && layout_.recompute_every > 0 ? layers / layout_.recompute_every : std::min(layers, to_recompute);
      to_recompute -= recomputed;
      add_layers({&costs_.kinds[k], layers, recomputed}, layout_, costs_.layer_input, built.chunk);
      if (layout_.sharding == Sharding::kZero3) {
        built.chunk.forward.add_scaled(traffic_[k].forward, layers);
        built.chunk.backward.add_scaled(traffic_[k].backward, layers);
      }
      if (share > 0 || layout_.offload_weights) add_offload(k, layers, share, built);
      built.parameters.dense += costs_.dense_parameters[k] * layers;
      built.parameters.experts += costs_.expert_parameters[k] * layers;
      built.trained += costs_.trained_parameters[k] * layers;
      if (!costs_.orthogonal_dense.empty()) built.orthogonalised += orthogonalised(k) * layers;
      built.parameters.largest_layer =
          std::max(built.parameters.largest_layer, costs_.dense_parameters[k] + costs_.expert_parameters[k]);
      built.working = std::max(built.working, layer_recompute(costs_.kinds[k], layout_, costs_.layer_input).working +
                                                  costs_.kinds[k].dequantised);
    }
  }

  // Of one layer on this rank: ranks that share out optimizer states share out whole matrices.
  Flops orthogonalised(std::size_t kind) const {
    const bool shared = layout_.sharding != Sharding::kNone;
    const double dense = shared ? data_footprint(layout_, 1).ranks : 1;
    const double experts = shared ? expert_data_footprint(layout_, 1).ranks : 1;
    return costs_.orthogonal_dense[kind] / dense + costs_.orthogonal_experts[kind] / experts;
  }

  void add_head(int position, Position& built) const {
    for (int head = 0; head < 1 + mtp(); ++head) add_end(costs_.head, built.chunk);
    // The tied table stands on the last stage too, unless that is the first.
    const bool shared = model_.tied_embeddings && shape_.stage_at(0, 0) == shape_.stage_at(position, 0);
    if (!shared) {
      built.parameters.dense += costs_.head_parameters;
      built.parameters.ends += costs_.head_parameters;
      built.trained += job_.lora ? 0.0 : costs_.head_parameters;
    }
    const bool loose = job_.loss == workload::Loss::kFull && !machine_.fusion().fused_loss;
    built.working = std::max(built.working, costs_.head.saved * (loose ? kLooseLoss : kOneLoss));
  }

  const model::Transformer& model_;
  const workload::TrainingJob& job_;
  const Layout& layout_;
  const machine::Machine& machine_;
  const CostSet& costs_;
  const Program& shape_;
  std::vector<ShardTraffic> traffic_;
  std::vector<int> first_, counts_, kind_of_position_;
  std::vector<Position> kinds_;
  std::vector<std::vector<int>> known_;  // layers of each kind, by position kind
};

}  // namespace

StageCosts stage_costs(const model::Transformer& model, const workload::TrainingJob& job, const Layout& layout,
                       const machine::Machine& machine, const CostSet& costs) {
  const int chunks = schedule_chunks(layout.schedule, layout.virtual_pipeline);
  const int stages = layout.pipeline_parallel;
  const Wiring wiring = schedule_wiring(layout.schedule);
  const Program shape{.stages = stages, .chunks = chunks, .microbatches = 1, .wiring = wiring, .tasks = {}};
  const PositionBuilder positions(model, job, layout, machine, costs, shape);
  StageCosts result;
  result.chunks = chunks;
  result.kind_of_chunk.reserve(static_cast<std::size_t>(stages * chunks));
  result.repeated.reserve(static_cast<std::size_t>(stages));
  result.parameters.reserve(static_cast<std::size_t>(stages));
  result.working.reserve(static_cast<std::size_t>(stages));
  for (int stage = 0; stage < stages; ++stage) {
    bool repeats = stage > 0;
    for (int c = 0; c < chunks; ++c) {
      const int kind = positions.kind(shape.position(stage, c));
      repeats = repeats && kind == result.kind_of_chunk[result.kind_of_chunk.size() - static_cast<std::size_t>(chunks)];
      result.kind_of_chunk.push_back(kind);
    }
    result.repeated.push_back(repeats);
    if (repeats) {
      result.parameters.push_back(result.parameters.back());
      result.working.push_back(result.working.back());
      if (!result.orthogonalised.empty()) result.orthogonalised.push_back(result.orthogonalised.back());
      continue;
    }
    memory::StageParameters held;
    Bytes working{};
    double trained = 0;
    Flops orthogonalised{};
    for (int c = 0; c < chunks; ++c) {
      const Position& position = positions.kinds()[static_cast<std::size_t>(positions.kind(shape.position(stage, c)))];
      held.dense += position.parameters.dense;
      held.experts += position.parameters.experts;
      held.ends += position.parameters.ends;
      held.largest_layer = std::max(held.largest_layer, position.parameters.largest_layer);
      trained += position.trained;
      working = std::max(working, position.working);
      orthogonalised += position.orthogonalised;
    }
    held.trained_share = held.dense + held.experts > 0 ? std::min(1.0, trained / (held.dense + held.experts)) : 0.0;
    result.parameters.push_back(held);
    result.working.push_back(working);
    if (!costs.orthogonal_dense.empty()) result.orthogonalised.push_back(orthogonalised);
  }
  result.kinds.reserve(positions.kinds().size());
  for (const Position& kind : positions.kinds()) result.kinds.push_back(kind.chunk);
  return result;
}

}  // namespace socle::train
