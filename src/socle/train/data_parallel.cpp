#include "socle/train/data_parallel.hpp"

#include <algorithm>

#include "socle/train/state_bytes.hpp"

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

// Products of a whole matrix with itself, one after the other: about half of the 16-bit peak (assumption).
constexpr double kOrthogonalShare = 0.5;

void hide(Seconds traffic, Seconds window, bool overlapped, const machine::Machine& machine, DataParallelCost& cost) {
  const Seconds hidden = overlapped ? std::min(traffic, window) * machine.stack().data_hidden : Seconds{};
  cost.hidden += hidden;
  cost.exposed += traffic - hidden;
}

}  // namespace

DataParallelCost data_parallel_cost(const memory::StageParameters& parameters, const workload::TrainingJob& job,
                                    const Layout& layout, const machine::Machine& machine, Seconds forward,
                                    Seconds backward, int microbatches) {
  DataParallelCost cost;
  const int ranks = layout.data_parallel * layout.context_parallel;
  const double trained = parameters.trained_share;
  const double wire = reduce_bytes(job, machine.stack(), layout) * trained;
  if (ranks == 1 && expert_data_footprint(layout, machine.spec().scale_up_domain).ranks == 1) return cost;
  // Hybrid sharding: copies of the shards are averaged over the other groups, on 1 / shard_size of the gradients.
  // Experts have copies of their own, where more ranks hold the same ones than share them out.
  if (layout.shard_size > 0) {
    const int domain = machine.spec().scale_up_domain;
    const int held = layout.expert_parallel * layout.expert_tensor_parallel;
    const auto average = [&](double weights, int holders, int stride) {
      const int shard = std::min(layout.shard_size, holders);
      if (weights <= 0 || holders / shard <= 1) return;
      hide(machine.network().collective_time(Collective::kAllReduce,
                                             comm::footprint(holders / shard, shard * stride, domain),
                                             Bytes{weights * wire / shard}),
           backward, layout.overlap_grad_reduce, machine, cost);
    };
    average(parameters.dense, ranks, layout.tensor_parallel);
    average(parameters.experts, std::max(1, ranks * layout.tensor_parallel / held), held);
  }
  // A library that gives every rank whole parameters moves them by a call for each rank: its start, not its bytes, is
  // what many ranks wait for.
  if (machine.stack().shards_one_by_one && layout.sharding != Sharding::kNone)
    cost.exposed += machine.stack().host_shard * (layout.shard_size > 0 ? std::min(layout.shard_size, ranks) : ranks);
  switch (layout.sharding) {
    case Sharding::kZero3: {
      const bool once = layout.gathers_once_a_step();
      if (layout.defer_grad_reduce || once)
        hide(both_groups(Collective::kReduceScatter, parameters, wire, layout, machine), backward,
             layout.overlap_grad_reduce, machine, cost);
      if (once)
        hide(both_groups(Collective::kAllGather, parameters, gather_bytes(job, machine.stack()), layout, machine),
             forward, layout.overlap_param_gather, machine, cost);
      break;
    }
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

Seconds optimizer_time(const memory::StageParameters& parameters, const workload::TrainingJob& job,
                       const Layout& layout, const machine::Machine& machine, Flops orthogonalised) {
  const double traffic_per_parameter = update_traffic(job, machine.stack());
  Layout states = layout;
  states.offload_optimizer = false;
  const Bytes held = memory::state_memory(parameters, {.weight = 0, .gradient = 0, .optimizer = 1}, states).optimizer;
  const Bytes traffic = held * traffic_per_parameter;
  Seconds update = machine.kernels().memory_time(traffic).time;
  update += orthogonalised / (machine.kernels().peak(model::Recipe::kBf16) * kOrthogonalShare);
  // Weights that live in host memory are written back there once a step.
  if (!layout.offload_optimizer)
    return layout.offload_weights ? std::max(update, held * 2.0 / machine.host_link()) : update;
  // Gradients go out and weights come back over the host link; the host's own memory is slower.
  const double gradient =
      job.gradient_type ? state_bytes(job, machine.stack()).gradient : machine.stack().gradient_bytes;
  return std::max(update, held * (gradient + 2.0) / machine.host_link());
}

}  // namespace socle::train
