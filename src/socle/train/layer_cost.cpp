#include "socle/train/layer_cost.hpp"

#include <algorithm>
#include <cmath>

#include "socle/train/communication_time.hpp"
#include "socle/train/operator_policy.hpp"

namespace socle::train {

using graph::Collective;
using graph::Op;
using graph::OpKind;
using model::Recipe;

namespace {

// Device time of one kernel, its FLOPs and what these take at the datasheet peak.
struct KernelCost {
  Seconds time{};
  Flops flops{};
  Seconds at_peak{};
  bool measured = false;
};

class Coster {
 public:
  Coster(const machine::Machine& machine, Recipe recipe) : machine_(machine), recipe_(recipe) {}

  KernelCost gemm(const Op& op, double m, double n, double k) const {
    const Recipe recipe = op.wide ? wide_recipe() : op.kind == OpKind::kGroupedGemm ? without_casts() : recipe_;
    const Flops flops{2.0 * m * n * k * op.batch};
    const kernel::Estimate estimate =
        op.kind == OpKind::kGroupedGemm
            ? machine_.kernels().grouped_gemm_time({.groups = op.batch, .m = m, .n = n, .k = k}, recipe)
            : machine_.kernels().gemm_time({.m = m, .n = n, .k = k, .batch = op.batch}, recipe);
    const double experts = op.kind == OpKind::kGroupedGemm ? machine_.stack().experts : 1.0;
    return {estimate.time * (format_factor(recipe) * machine_.stack().compute * machine_.power_slowdown() * experts),
            flops, flops / machine_.kernels().peak(recipe), estimate.basis == kernel::Basis::kMeasured};
  }

  KernelCost attention(const Op& op, bool backward) const {
    const graph::AttentionShape& a = op.attention;
    // Causal work shared evenly over context-parallel ranks: each sees the average of the whole sequence's rows.
    const kernel::AttentionShape whole{.batch = a.batch,
                                       .q_heads = a.q_heads,
                                       .kv_heads = a.kv_heads,
                                       .head_dim = a.head_dim,
                                       .v_head_dim = a.v_head_dim,
                                       .seq_q = a.seq_kv,
                                       .seq_kv = a.seq_kv,
                                       .causal = true,
                                       .window = a.window};
    const double share = a.seq_q / a.seq_kv;
    const kernel::Estimate estimate =
        backward ? machine_.kernels().attention_backward_time(whole) : machine_.kernels().attention_time(whole);
    const Flops flops = kernel::attention_flops(whole) * (share * (backward ? 2.5 : 1.0));
    // Measured in 16 bits; wider arithmetic reaches the same share of its own peak (assumption).
    const kernel::ChipKernels& kernels = machine_.kernels();
    const double wider = std::max(1.0, kernels.peak(Recipe::kBf16) / kernels.peak(wide_recipe()));
    const double factor =
        machine_.spec().calibration.attention * machine_.stack().attention * machine_.power_slowdown() * share * wider;
    return {estimate.time * factor, flops, flops / machine_.kernels().peak(wide_recipe()),
            estimate.basis == kernel::Basis::kMeasured};
  }

  KernelCost scan(const Op& op, bool backward) const {
    // Chunked products of 64 to 128 wide tiles reach about a third of the 16-bit peak (assumption).
    const Flops flops = op.scan_flops * (backward ? 2.5 : 1.0);
    const FlopsPerSecond peak = machine_.kernels().peak(wide_recipe());
    const Seconds compute = flops / (peak * 0.33);
    const Seconds traffic = memory(backward ? op.backward_traffic : op.forward_traffic);
    return {std::max(compute, traffic) * machine_.stack().compute, flops, flops / peak, false};
  }

  // Narrow recipes keep the cast input of a GEMM for its weight gradient instead of the 16-bit one.
  Bytes saved(const Op& op) const {
    const bool narrow = !op.wide && model::bytes_per_element(model::gemm_type(recipe_)) < 2.0;
    const bool input = op.saves_input || (op.kind == OpKind::kGemm && op.has_weight);
    return op.saved * (narrow && input ? 0.5 : 1.0);
  }

  // Casting a tensor to the recipe's narrow format; nothing for 16-bit recipes and what stays wide.
  Seconds cast(const Op& op, double elements) const {
    if (op.wide || !op.has_weight) return Seconds{};
    return machine_.kernels().quantise_time(elements, recipe_).time * machine_.stack().elementwise;
  }

  // Widening a quantised weight to 16 bits before the product: packed bytes read, 16 bits written.
  Seconds dequantise(const Op& op) const {
    return memory(op.packed_bytes > 0 ? Bytes{op.n * op.k * op.batch * (op.packed_bytes + 2.0)} : Bytes{});
  }

  Seconds memory(Bytes traffic) const {
    if (traffic <= Bytes{}) return Seconds{};
    return machine_.kernels().memory_time(traffic).time * machine_.stack().elementwise;
  }

 private:
  // Measured grouped kernels with blocks of scales are those of serving engines, which cast inside. Training casts once
  // for the passes in both directions and multiplies as the kernels with one scale do.
  Recipe without_casts() const {
    return recipe_ == Recipe::kMxFp8 || recipe_ == Recipe::kFp8Block ? Recipe::kFp8 : recipe_;
  }

  /// Of what narrow recipes leave in 16 bits.
  Recipe wide_recipe() const { return recipe_ == Recipe::kFp16 || recipe_ == Recipe::kFp32 ? recipe_ : Recipe::kBf16; }

  double format_factor(Recipe recipe) const {
    const catalog::ChipCalibration& calibration = machine_.spec().calibration;
    switch (model::gemm_type(recipe)) {
      case model::DataType::kFp8:
      case model::DataType::kInt8:
        return calibration.compute8 * machine_.stack().narrow;
      case model::DataType::kFp4:
        return calibration.compute4 * machine_.stack().narrow;
      default:
        return calibration.compute16;
    }
  }

  const machine::Machine& machine_;
  Recipe recipe_;
};

Part part_of(const Op& op) {
  switch (op.kind) {
    case OpKind::kGemm:
      return op.has_weight ? Part::kGemm : Part::kAttention;
    case OpKind::kGroupedGemm:
      return Part::kExpertGemm;
    case OpKind::kAttention:
    case OpKind::kScan:
      return Part::kAttention;
    case OpKind::kMemory:
      return Part::kElementwise;
  }
  return Part::kElementwise;
}

// Host time of issuing everything in each pass.
struct HostTime {
  Seconds forward{}, backward{};
  Seconds pacing{};  ///< the device has nothing to do until the host has read a result: forward only
  std::array<Seconds, workload::kRecomputeModules> modules{};  // of what each module's recompute issues
  Seconds by_operation{};
};

// The forward pass of one operation: what running it again costs.
struct Forward {
  PartTimes time;
  Flops flops{};
};

PartTimes less(PartTimes times, const PartTimes& other) { return times.add_scaled(other, -1.0); }

// Named modules: what each drops and runs again, docs/design/step.md.
void add_modules(const Coster& coster, const Op& op, const Forward& forward, Seconds launches, LayerCost& cost,
                 HostTime& host) {
  const workload::ModuleSet any = op.drops | op.repeats | op.renorms;
  if (any.empty()) return;
  for (std::size_t i = 0; i < cost.modules.size(); ++i) {
    const auto module = static_cast<workload::RecomputeModule>(i);
    RecomputeCost& again = cost.modules[i];
    if (op.drops.has(module)) again.dropped += coster.saved(op);
    if (op.renorms.has(module)) again.time[Part::kElementwise] += coster.memory(op.norm_traffic);
    if (!op.repeats.has(module)) continue;
    again.time += forward.time;
    again.flops += forward.flops;
    host.modules[i] += launches;
  }
}

void add_matrix_op(const Coster& coster, const Op& op, LayerCost& cost) {
  const Part part = part_of(op);
  const KernelCost forward = coster.gemm(op, op.m, op.n, op.k);
  const KernelCost data = coster.gemm(op, op.m, op.k, op.n);
  cost.forward[part] += forward.time;
  cost.backward[part] += data.time;
  cost.forward[Part::kElementwise] += coster.cast(op, op.m * op.k * op.batch);
  cost.backward[Part::kElementwise] += coster.cast(op, op.m * op.n * op.batch);
  if (op.packed_bytes > 0) {
    const Seconds widening = coster.dequantise(op);
    cost.forward[Part::kElementwise] += widening;
    cost.backward[Part::kElementwise] += widening;
    cost.dequantised = std::max(cost.dequantised, Bytes{op.n * op.k * 2.0});
  }
  cost.forward_at_peak += forward.at_peak;
  cost.backward_at_peak += data.at_peak;
  if (forward.measured) cost.measured += forward.time + data.time;
  if (op.has_weight) {
    cost.linear_forward += forward.flops;
    cost.linear_backward += data.flops * (op.trains ? 2.0 : 1.0);
    if (!op.trains) return;
  } else {
    cost.core_executed += forward.flops;
    cost.core_causal += forward.flops * 0.5;
    cost.core_full += forward.flops;
  }
  const KernelCost weight = coster.gemm(op, op.k, op.n, op.m);
  cost.backward[part] += weight.time;
  if (op.has_weight) cost.weight[part] += weight.time;
  cost.backward_at_peak += weight.at_peak;
  if (weight.measured) cost.measured += weight.time;
}

void add_core(const Op& op, const KernelCost& forward, const KernelCost& backward, LayerCost& cost) {
  cost.forward[Part::kAttention] += forward.time;
  cost.backward[Part::kAttention] += backward.time;
  const graph::AttentionShape& a = op.attention;
  const bool square = op.kind == OpKind::kAttention;
  cost.core_executed += forward.flops;
  cost.core_causal += forward.flops;
  cost.core_full +=
      square ? Flops{2.0 * (a.head_dim + a.v_head_dim) * a.batch * a.q_heads * a.seq_q * a.seq_kv} : forward.flops;
  cost.forward_at_peak += forward.at_peak;
  cost.backward_at_peak += backward.at_peak;
  if (forward.measured) cost.measured += forward.time;
}

void add_selective(const Coster& coster, const Op& op, bool flash, LayerCost& cost) {
  const Bytes saved = coster.saved(op);
  cost.saved += saved;
  const graph::Recomputable wanted = flash ? graph::Recomputable::kLight : graph::Recomputable::kScores;
  if (op.recomputable != wanted) {
    cost.saved_selective += saved;
    return;
  }
  if (wanted == graph::Recomputable::kLight) {
    cost.recompute_selective[Part::kElementwise] += coster.memory(op.recompute_traffic);
  } else if (op.kind == OpKind::kGemm) {
    cost.recompute_selective[Part::kAttention] += coster.gemm(op, op.m, op.n, op.k).time;
  } else {
    cost.recompute_selective[Part::kElementwise] += coster.memory(op.forward_traffic);
  }
}

// How far apart neighbours of a group stand, and how many there are, in the order tp, cp, (ep over tp cp dp), dp, pp.
comm::Footprint group_footprint(graph::Group group, const workload::Layout& layout, int domain) {
  switch (group) {
    case graph::Group::kTensor:
      return comm::footprint(layout.tensor_parallel, 1, domain);
    case graph::Group::kContext:
      return comm::footprint(layout.context_parallel, layout.tensor_parallel, domain);
    case graph::Group::kExpert:
      return comm::footprint(layout.expert_parallel, layout.expert_tensor_parallel, domain);
    case graph::Group::kExpertTensor:
      return comm::footprint(layout.expert_tensor_parallel, 1, domain);
  }
  return {};
}

struct Exposed {
  Part part;
  double share;  ///< of the communication that is not hidden
};

// Of the experts' exchange, and of the wait at their router, what another microbatch does not fill.
double expert_exposure(const machine::Machine& machine, const workload::Layout& layout) {
  return layout.overlap_expert_parallel ? 1.0 - machine.stack().expert_hidden : 1.0;
}

Exposed exposure(const graph::Communication& c, const machine::Machine& machine, const workload::Layout& layout) {
  const catalog::Stack& stack = machine.stack();
  switch (c.group) {
    case graph::Group::kTensor:
      return {Part::kTensorComm, layout.overlap_tensor_parallel ? 1.0 - stack.tensor_hidden : 1.0};
    case graph::Group::kContext:
      return {Part::kContextComm, 1.0};
    case graph::Group::kExpert:
    case graph::Group::kExpertTensor:
      return {Part::kExpertComm, expert_exposure(machine, layout)};
  }
  return {Part::kTensorComm, 1.0};
}

// A collective of which one run shows `once`: what recomputing modules or by operator repeats and keeps of it. By
// operator the results of reduce-scatters and exchanges are kept, gathers and all-reduces run again; the key-value ring
// is part of the attention that is kept.
void add_repeated(const graph::Communication& c, Part part, Seconds once, int ranks, LayerCost& cost) {
  for (std::size_t i = 0; i < cost.modules.size(); ++i) {
    if (c.repeats.has(static_cast<workload::RecomputeModule>(i))) cost.modules[i].time[part] += once * c.again;
  }
  if (!c.in_recompute || c.collective == Collective::kRing) return;
  const bool scatters = c.collective == Collective::kReduceScatter;
  if (scatters || c.collective == Collective::kAllToAll)
    cost.by_operation.dropped -= c.buffer * (c.forward * copies_of(c, ranks) / (scatters ? std::max(1, ranks) : 1));
  else
    cost.by_operation.time[part] += once * c.forward;
}

void add_communication(const graph::Communication& c, const machine::Machine& machine, const workload::Layout& layout,
                       LayerCost& cost) {
  const comm::Footprint group = group_footprint(c.group, layout, machine.spec().scale_up_domain);
  const Seconds once = communication_time(c, group, machine.network());
  const Exposed exposed = exposure(c, machine, layout);
  if (c.collective == Collective::kRing) {
    // The ring runs under the attention core: only what the core does not cover shows.
    cost.forward[exposed.part] += std::max(Seconds{}, once * c.forward - cost.forward[Part::kAttention]);
    cost.backward[exposed.part] += std::max(Seconds{}, once * c.backward - cost.backward[Part::kAttention]);
    add_repeated(c, exposed.part, std::max(Seconds{}, once - cost.forward[Part::kAttention]), group.ranks, cost);
    return;
  }
  const double slowdown = exposed.share * (c.group == graph::Group::kExpert ? machine.stack().dispatch : 1.0);
  cost.forward[exposed.part] += once * (c.forward * slowdown);
  cost.backward[exposed.part] += once * (c.backward * slowdown);
  if (c.in_recompute) cost.recompute_full[exposed.part] += once * (c.forward * slowdown);
  add_repeated(c, exposed.part, once * slowdown, group.ranks, cost);
}

// A device that is fed slower than it works waits, and launches that run ahead of it wait in a queue. A pass has
// stretches of both kinds, so neither hides the other in full: (host^4 + device^4)^(1/4), host time of the launches
// against device time. The exponent is the best of 2, 3, 4 and 5 on runs held out (docs/design/step.md).
void add_host_waits(const machine::Machine& machine, const HostTime& host, LayerCost& cost) {
  const double launched = 1.0 - machine.stack().graph_share;
  const auto wait = [&](PartTimes& times, Seconds host_time) {
    const Seconds device = times.total();
    times[Part::kHost] += joined(device, host_time * launched) - device;
  };
  wait(cost.forward, host.forward);
  wait(cost.backward, host.backward);
  for (std::size_t i = 0; i < cost.modules.size(); ++i) wait(cost.modules[i].time, host.modules[i]);
  wait(cost.by_operation.time, host.by_operation);
  // A router that runs again paces the host again.
  const auto experts = static_cast<std::size_t>(workload::RecomputeModule::kMoe);
  for (PartTimes* times : {&cost.forward, &cost.modules[experts].time, &cost.by_operation.time})
    (*times)[Part::kHost] += host.pacing * launched;
}

}  // namespace

LayerCost layer_cost(const graph::LayerGraph& layer, const machine::Machine& machine, Recipe recipe,
                     const workload::Layout& layout) {
  LayerCost cost;
  HostTime host;
  const Coster coster(machine, recipe);
  bool flash = false;
  for (const Op& op : layer.ops) flash = flash || op.kind == OpKind::kAttention || op.kind == OpKind::kScan;
  OperatorPolicy policy;
  for (const Op& op : layer.ops) {
    const PartTimes before = cost.forward;
    const Flops flops_before = cost.linear_forward + cost.core_executed;
    switch (op.kind) {
      case OpKind::kGemm:
      case OpKind::kGroupedGemm:
        add_matrix_op(coster, op, cost);
        break;
      case OpKind::kAttention:
        add_core(op, coster.attention(op, false), coster.attention(op, true), cost);
        break;
      case OpKind::kScan:
        add_core(op, coster.scan(op, false), coster.scan(op, true), cost);
        break;
      case OpKind::kMemory:
        cost.forward[Part::kElementwise] += coster.memory(op.forward_traffic);
        cost.backward[Part::kElementwise] += coster.memory(op.backward_traffic);
        break;
    }
    add_selective(coster, op, flash, cost);
    const Seconds launches = machine.stack().host_launch * op.launches;
    const Forward forward{less(cost.forward, before), cost.linear_forward + cost.core_executed - flops_before};
    add_modules(coster, op, forward, launches, cost, host);
    const OperatorPolicy::Verdict verdict = policy.judge(op);
    cost.by_operation.time.add_scaled(forward.time, verdict.again);
    cost.by_operation.flops += forward.flops * verdict.again;
    cost.by_operation.dropped += coster.saved(op) - verdict.kept;
    host.by_operation += launches * verdict.again;
    host.forward += launches;
    host.backward += machine.stack().host_launch * op.backward_launches;
    if (op.paces_host) host.pacing += machine.stack().host_routing * expert_exposure(machine, layout);
  }
  cost.recompute_full = cost.forward;
  for (const graph::Communication& c : layer.communications) {
    add_communication(c, machine, layout, cost);
    host.forward += machine.stack().host_collective * c.forward;
    host.backward += machine.stack().host_collective * c.backward;
  }
  add_host_waits(machine, host, cost);
  cost.recompute_full[Part::kHost] = cost.forward[Part::kHost];
  return cost;
}

}  // namespace socle::train
