#include "socle/train/data_parallel.hpp"

#include <algorithm>

namespace socle::train {

using graph::Collective;
using workload::Layout;
using workload::Sharding;

namespace {

// One collective over the dense group and the expert group, one after the other.
Seconds both_groups(Collective collective, const memory::StageParameters& parameters, double bytes_per_parameter,
                    const Layout& layout, const machine::Machine& machine) {
  const int domain = machine.spec().scale_up_domain;
  const comm::Network& network = machine.network();
  return network.collective_time(collective, data_footprint(layout, domain),
                                 Bytes{parameters.dense * bytes_per_parameter}) +
         network.collective_time(collective, expert_data_footprint(layout, domain),
                                 Bytes{parameters.experts * bytes_per_parameter});
}

void hide(Seconds traffic, Seconds window, bool overlapped, const machine::Machine& machine, DataParallelCost& cost) {
  const Seconds hidden = overlapped ? std::min(traffic, window) * machine.stack().data_hidden : Seconds{};
  cost.hidden += hidden;
  cost.exposed += traffic - hidden;
}

}  // namespace

DataParallelCost data_parallel_cost(const memory::StageParameters& parameters, const Layout& layout,
                                    const machine::Machine& machine, Seconds forward, Seconds backward,
                                    int microbatches) {
  DataParallelCost cost;
  const int ranks = layout.data_parallel * layout.context_parallel;
  const double trained = parameters.trained_share;
  const double wire = machine.stack().reduce_bytes * trained;
  if (ranks == 1 && expert_data_footprint(layout, machine.spec().scale_up_domain).ranks == 1) return cost;
  // Hybrid sharding: copies of the shards are averaged over the other groups, on 1 / shard_size of the gradients.
  if (layout.shard_size > 0 && layout.shard_size < ranks) {
    const int copies = ranks / layout.shard_size;
    const comm::Footprint group =
        comm::footprint(copies, layout.shard_size * layout.tensor_parallel, machine.spec().scale_up_domain);
    const Bytes shard{(parameters.dense + parameters.experts) * wire / layout.shard_size};
    hide(machine.network().collective_time(Collective::kAllReduce, group, shard), backward, layout.overlap_grad_reduce,
         machine, cost);
  }
  switch (layout.sharding) {
    case Sharding::kZero3:
      break;
    case Sharding::kNone:
      hide(both_groups(Collective::kAllReduce, parameters, wire, layout, machine), backward, layout.overlap_grad_reduce,
           machine, cost);
      break;
    case Sharding::kZero2: {
      // Gradients are scattered after every microbatch: there is no whole buffer to accumulate in. Under a pipeline
      // frameworks accumulate and scatter once a step (MegaScale, Llama 3).
      const int times = layout.pipeline_parallel > 1 ? 1 : microbatches;
      const Seconds scatter = both_groups(Collective::kReduceScatter, parameters, wire, layout, machine) * times;
      hide(scatter, backward * times, layout.overlap_grad_reduce, machine, cost);
      hide(both_groups(Collective::kAllGather, parameters, 2.0 * trained, layout, machine), forward,
           layout.overlap_param_gather, machine, cost);
      break;
    }
    case Sharding::kZero1:
      hide(both_groups(Collective::kReduceScatter, parameters, wire, layout, machine), backward,
           layout.overlap_grad_reduce, machine, cost);
      hide(both_groups(Collective::kAllGather, parameters, 2.0 * trained, layout, machine), forward,
           layout.overlap_param_gather, machine, cost);
      break;
  }
  return cost;
}

Seconds optimizer_time(const memory::StageParameters& parameters, const Layout& layout,
                       const machine::Machine& machine) {
  // Adam in fp32: master, two moments read and written, gradient read, 16-bit weight written.
  const double traffic_per_parameter = 24.0 + machine.stack().gradient_bytes + 2.0;
  Layout states = layout;
  states.offload_optimizer = false;
  const Bytes held = memory::state_memory(parameters, {.weight = 0, .gradient = 0, .optimizer = 1}, states).optimizer;
  const Bytes traffic = held * traffic_per_parameter;
  const Seconds update = machine.kernels().memory_time(traffic).time;
  // Weights that live in host memory are written back there once a step.
  if (!layout.offload_optimizer)
    return layout.offload_weights ? std::max(update, held * 2.0 / machine.host_link()) : update;
  // Gradients go out and weights come back over the host link; the host's own memory is slower.
  return std::max(update, held * (machine.stack().gradient_bytes + 2.0) / machine.host_link());
}

}  // namespace socle::train
