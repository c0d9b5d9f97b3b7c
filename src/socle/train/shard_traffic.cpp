#include "socle/train/shard_traffic.hpp"

#include <algorithm>

#include "socle/train/communication_time.hpp"
#include "socle/train/stage_cost.hpp"
#include "socle/train/state_bytes.hpp"

namespace socle::train {

using workload::Layout;

namespace {

// Bytes of a parameter as a shard holds it and as a layer gathers it, and of a gradient that it scatters.
struct WireBytes {
  double shard = 4.0, weight = 2.0, gradient = 4.0;
};

struct Copies {
  Seconds forward{}, backward{};
};

// What fully_shard copies of a layer: fp32 shards (a frozen base's are as it is gathered) to 16 bits into the gather's
// buffer and out of it whole; gradients widened into the reduction's buffer and added to those of the shard, or,
// reduced once a step, added whole. A collective of one rank is a copy itself. Source: PyTorch 2.11,
// torch/distributed/fsdp/_fully_shard (recall).
Copies block_copies(double parameters, double trained, int ranks, const WireBytes& bytes, const Layout& layout,
                    const machine::Machine& machine) {
  constexpr double kGradient = 2.0;
  const bool alone = ranks == 1;
  const double gathered = (bytes.shard + bytes.weight) / ranks + bytes.weight * (alone ? 4.0 : 2.0);
  const double reduced = layout.defer_grad_reduce
                             ? kGradient + 2.0 * bytes.gradient
                             : kGradient + bytes.gradient * (alone ? 3.0 : 1.0) + 3.0 * bytes.gradient / ranks;
  const auto copy = [&](double moved) { return machine.kernels().memory_time(Bytes{parameters * moved}).time; };
  return {copy(gathered), copy((layout.reshard_after_forward ? gathered : 0.0) + trained * reduced)};
}

}  // namespace

ShardTraffic shard_traffic(const LayerParameters& parameters, const LayerCost& layer, const workload::TrainingJob& job,
                           const Layout& layout, const machine::Machine& machine) {
  ShardTraffic traffic;
  if (layout.gathers_once_a_step()) return traffic;  // data_parallel.cpp
  const catalog::Stack& stack = machine.stack();
  const double weight = gather_bytes(job, stack);
  const WireBytes bytes{
      .shard = job.lora ? weight : 4.0, .weight = weight, .gradient = reduce_bytes(job, stack, layout)};
  const comm::Footprint group = data_footprint(layout, machine.spec().scale_up_domain);
  const comm::Footprint expert_group = expert_data_footprint(layout, machine.spec().scale_up_domain);
  const double all = parameters.dense + parameters.experts;
  const double trained = all > 0 ? std::min(1.0, parameters.trained / all) : 0.0;
  const auto time = [&](graph::Collective collective, double moved) {
    return machine.network().collective_time(collective, group, Bytes{parameters.dense * moved}) +
           machine.network().collective_time(collective, expert_group, Bytes{parameters.experts * moved});
  };
  const Seconds gather = time(graph::Collective::kAllGather, bytes.weight);
  const double again = layout.reshard_after_forward ? 1.0 : 0.0;  // gathered for the backward pass too
  const double scatters = layout.defer_grad_reduce ? 0.0 : 1.0;
  const Seconds scatter = time(graph::Collective::kReduceScatter, bytes.gradient * trained);
  const auto exposed = [&](Seconds moved, const PartTimes& pass) {
    return std::max(moved * (1.0 - stack.data_hidden), moved - pass.total() * stack.data_hidden);
  };
  traffic.forward[Part::kDataComm] = exposed(gather, layer.forward);
  traffic.backward[Part::kDataComm] = exposed(gather * again + scatter * scatters, layer.backward);
  if (!fully_sharded(stack, layout)) return traffic;
  for (const Copies& copies : {block_copies(parameters.dense, trained, group.ranks, bytes, layout, machine),
                               block_copies(parameters.experts, trained, expert_group.ranks, bytes, layout, machine)}) {
    traffic.forward[Part::kElementwise] += copies.forward;
    traffic.backward[Part::kElementwise] += copies.backward;
  }
  // The host issues a block's calls while the device works on what was issued before.
  const auto wait = [&](const PartTimes& pass, double calls) {
    return joined(pass.total(), stack.host_shard * calls) - pass.total();
  };
  traffic.forward[Part::kHost] = wait(layer.forward, 1.0);
  traffic.backward[Part::kHost] = wait(layer.backward, again + scatters);
  return traffic;
}

}  // namespace socle::train
