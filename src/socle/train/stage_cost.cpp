#include "socle/train/stage_cost.hpp"

#include <algorithm>

#include "socle/train/schedules/schedules.hpp"
#include "socle/workload/stage_plan.hpp"

namespace socle::train {

using workload::Layout;
using workload::Recompute;
using workload::Sharding;

comm::Footprint data_footprint(const Layout& layout, int domain) {
  const int ranks = layout.data_parallel * layout.context_parallel;
  return comm::footprint(layout.shard_size > 0 ? std::min(layout.shard_size, ranks) : ranks, layout.tensor_parallel, domain);
}

comm::Footprint expert_data_footprint(const Layout& layout, int domain) {
  const int held = layout.expert_parallel * layout.expert_tensor_parallel;
  const int ranks = layout.data_parallel * layout.context_parallel * layout.tensor_parallel / held;
  return comm::footprint(std::max(1, ranks), held, domain);
}

namespace {

// Under ZeRO-3 each layer gathers its weights before both passes and scatters its gradients after the backward pass;
// prefetching hides a share of it under the layer's own compute.
struct ShardTraffic {
  Seconds gather{}, scatter{};
};

ShardTraffic shard_traffic(double dense, double experts, double trained, const Layout& layout, const Machine& machine) {
  const int domain = machine.spec().scale_up_domain;
  const comm::Footprint group = data_footprint(layout, domain);
  const comm::Footprint expert_group = expert_data_footprint(layout, domain);
  const auto time = [&](graph::Collective collective, double bytes_per_parameter, double share) {
    return machine.network().collective_time(collective, group, Bytes{dense * bytes_per_parameter * share}) +
           machine.network().collective_time(collective, expert_group, Bytes{experts * bytes_per_parameter * share});
  };
  const double share = dense + experts > 0 ? std::min(1.0, trained / (dense + experts)) : 0.0;
  return {time(graph::Collective::kAllGather, 2.0, 1.0), time(graph::Collective::kReduceScatter, machine.stack().reduce_bytes, share)};
}

void add_shard_traffic(const ShardTraffic& traffic, const LayerCost& layer, const Machine& machine, double layers, ChunkCost& chunk) {
  const double hidden = machine.stack().data_hidden;
  const Seconds forward = std::max(traffic.gather * (1.0 - hidden), traffic.gather - layer.forward.total() * hidden);
  const Seconds both = traffic.gather + traffic.scatter;
  const Seconds backward = std::max(both * (1.0 - hidden), both - layer.backward.total() * hidden);
  chunk.forward[Part::kDataComm] += forward * layers;
  chunk.backward[Part::kDataComm] += backward * layers;
}

struct LayerUse {
  const LayerCost* cost;
  double layers;
  double recomputed;   ///< of those, fully recomputed
};

void add_layers(const LayerUse& use, const Layout& layout, Bytes layer_input, ChunkCost& chunk) {
  const LayerCost& cost = *use.cost;
  chunk.forward.add_scaled(cost.forward, use.layers);
  chunk.backward.add_scaled(cost.backward, use.layers);
  chunk.weight += cost.weight.total() * use.layers;
  chunk.at_peak += (cost.forward_at_peak + cost.backward_at_peak) * use.layers;
  chunk.measured += cost.measured * use.layers;
  if (layout.recompute == Recompute::kFull) {
    chunk.recompute.add_scaled(cost.recompute_full, use.recomputed);
    chunk.held += layer_input * use.recomputed + cost.saved * (use.layers - use.recomputed);
  } else if (layout.recompute == Recompute::kSelective) {
    chunk.recompute.add_scaled(cost.recompute_selective, use.layers);
    chunk.held += cost.saved_selective * use.layers;
  } else {
    chunk.held += cost.saved * use.layers;
  }
}

// Ends of the chain: costs without held activations (the loss runs its backward pass at once).
void add_end(const LayerCost& cost, ChunkCost& chunk) {
  chunk.forward += cost.forward;
  chunk.backward += cost.backward;
  chunk.weight += cost.weight.total();
  chunk.at_peak += cost.forward_at_peak + cost.backward_at_peak;
  chunk.measured += cost.measured;
}

}  // namespace

StageCosts stage_costs(const model::Transformer& model, const workload::TrainingJob& job, const Layout& layout,
                       const Machine& machine, const CostSet& costs) {
  const int chunks = schedule_chunks(layout.schedule, layout.virtual_pipeline);
  const bool two_way = layout.schedule == workload::Schedule::kDualPipe;
  const int stages = layout.pipeline_parallel;
  const Program shape{.stages = stages, .chunks = chunks, .microbatches = 1,
                      .wiring = two_way ? Wiring::kTwoWay : layout.schedule == workload::Schedule::kZbV ? Wiring::kVee : Wiring::kLoop,
                      .tasks = {}};
  const std::vector<int> split = workload::split_layers(model.layers(), shape.chain_length());
  std::vector<int> first(split.size() + 1, 0);
  for (std::size_t i = 0; i < split.size(); ++i) first[i + 1] = first[i] + split[i];

  StageCosts result;
  result.chunks = chunks;
  result.chunk.resize(static_cast<std::size_t>(stages * chunks));
  result.parameters.resize(static_cast<std::size_t>(stages));
  result.working.resize(static_cast<std::size_t>(stages));
  const bool zero3 = layout.sharding == Sharding::kZero3;
  std::vector<ShardTraffic> traffic(model.kinds.size());
  if (zero3) {
    for (std::size_t k = 0; k < model.kinds.size(); ++k) {
      traffic[k] = shard_traffic(costs.dense_parameters[k], costs.expert_parameters[k], costs.trained_parameters[k], layout, machine);
    }
  }
  std::vector<int> layers_of_kind(model.kinds.size());
  for (int stage = 0; stage < stages; ++stage) {
    memory::StageParameters& held = result.parameters[static_cast<std::size_t>(stage)];
    Bytes& working = result.working[static_cast<std::size_t>(stage)];
    double trained = 0;
    for (int c = 0; c < chunks; ++c) {
      ChunkCost& chunk = result.chunk[static_cast<std::size_t>(stage * chunks + c)];
      const int position = shape.position(stage, c);
      const bool last = position + 1 == shape.chain_length();
      std::fill(layers_of_kind.begin(), layers_of_kind.end(), 0);
      for (int l = first[static_cast<std::size_t>(position)]; l < first[static_cast<std::size_t>(position) + 1]; ++l) {
        ++layers_of_kind[static_cast<std::size_t>(model.kind_of_layer[static_cast<std::size_t>(l)])];
      }
      const int mtp = last && job.mtp ? model.mtp_layers : 0;
      if (mtp > 0) {
        for (const int kind : model::mtp_module(model)) layers_of_kind[static_cast<std::size_t>(kind)] += mtp;
      }
      double to_recompute = layout.recompute_layers > 0 ? static_cast<double>(layout.recompute_layers) / chunks : 1e9;
      for (std::size_t k = 0; k < model.kinds.size(); ++k) {
        const double layers = layers_of_kind[k];
        if (layers == 0) continue;
        const double recomputed = std::min(layers, to_recompute);
        to_recompute -= recomputed;
        add_layers({&costs.kinds[k], layers, recomputed}, layout, costs.layer_input, chunk);
        if (zero3) add_shard_traffic(traffic[k], costs.kinds[k], machine, layers, chunk);
        held.dense += costs.dense_parameters[k] * layers;
        held.experts += costs.expert_parameters[k] * layers;
        trained += costs.trained_parameters[k] * layers;
        held.largest_layer = std::max(held.largest_layer, costs.dense_parameters[k] + costs.expert_parameters[k]);
        if (layout.recompute == Recompute::kFull) working = std::max(working, costs.kinds[k].saved);
      }
      if (position == 0) {
        add_end(costs.embedding, chunk);
        held.dense += costs.embedding_parameters;
        trained += job.lora ? 0.0 : costs.embedding_parameters;
      }
      if (last) {
        for (int head = 0; head < 1 + mtp; ++head) add_end(costs.head, chunk);
        // The tied table stands on the last stage too, unless that is the first.
        const bool shared = model.tied_embeddings && shape.stage_at(0, c) == stage;
        if (!shared) {
          held.dense += costs.head_parameters;
          trained += job.lora ? 0.0 : costs.head_parameters;
        }
        working = std::max(working, costs.head.saved * 2.0);  // logits and their gradient in fp32
      }
      chunk.backward += chunk.recompute;
      const int held_layers = first[static_cast<std::size_t>(position) + 1] - first[static_cast<std::size_t>(position)];
      if (layout.offload_layers > 0 && held_layers > 0) {
        chunk.held *= std::max(0.0, 1.0 - static_cast<double>(layout.offload_layers) / chunks / held_layers);
      }
    }
    held.trained_share = held.dense + held.experts > 0 ? std::min(1.0, trained / (held.dense + held.experts)) : 0.0;
  }
  return result;
}

}  // namespace socle::train
