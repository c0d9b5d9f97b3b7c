#include "socle/search/layer_group.hpp"

#include <algorithm>

#include "socle/train/layer_recompute.hpp"
#include "socle/train/state_bytes.hpp"

namespace socle::search {

using workload::Layout;
using workload::Recompute;

namespace {

// Full recompute of a number of layers a stage adds nothing that all such layouts have.
RecomputeSums recompute_sums(const train::CostSet& costs, const Layout& layout) {
  const bool full = layout.recompute == Recompute::kFull;
  const double share = full && layout.recompute_layers > 0  ? 0.0
                       : full && layout.recompute_every > 0 ? 1.0 / layout.recompute_every
                                                            : 1.0;
  RecomputeSums sums;
  for (std::size_t k = 0; k < costs.kinds.size(); ++k) {
    const train::LayerRecompute again = train::layer_recompute(costs.kinds[k], layout, costs.layer_input);
    sums.time += again.time.total() * (costs.layers[k] * share);
    sums.held += again.held * costs.layers[k];
  }
  return sums;
}

}  // namespace

Feasible<LayerGroup> layer_group(const model::Transformer& model, const workload::TrainingJob& job,
                                 const Layout& layout, const machine::Machine& machine, int chips,
                                 const LayoutSpace& space, const workload::PartialLayout& given) {
  // A layout of one stage and one replica stands for the group: what it breaks, all break.
  Layout probe = layout;
  probe.pipeline_parallel = 1;
  probe.data_parallel = std::max(1, layout.expert_parallel * layout.expert_tensor_parallel);
  probe.microbatch = 1;
  workload::TrainingJob probe_job = job;
  probe_job.global_batch = probe.data_parallel;
  if (auto why = train::layout_problem(model, probe_job, probe)) return *why;
  LayerGroup group{.layout = layout, .costs = train::cost_set(model, job, layout, machine)};
  double trained = 0;
  const auto add = [&](const train::LayerCost& cost) { group.work += cost.forward.total() + cost.backward.total(); };
  for (const int kind : model.kind_of_layer) {
    const std::size_t k = static_cast<std::size_t>(kind);
    add(group.costs.kinds[k]);
    group.dense_parameters += group.costs.dense_parameters[k];
    group.expert_parameters += group.costs.expert_parameters[k];
    trained += group.costs.trained_parameters[k];
  }
  add(group.costs.embedding);
  add(group.costs.head);
  group.trained_share = std::min(1.0, trained / (group.dense_parameters + group.expert_parameters));
  for (const RecomputeChoice& choice : space.recompute)
    group.recompute.push_back(recompute_sums(group.costs, with_recompute(probe, choice, given, model.layers())));
  const double ranks = static_cast<double>(chips) / (layout.tensor_parallel * layout.context_parallel);
  group.floor = group.work * (static_cast<double>(job.global_batch) / layout.microbatch / ranks);
  return group;
}

bool surely_too_large(const LayerGroup& group, const workload::TrainingJob& job, const Layout& layout,
                      const machine::Machine& machine, Bytes held, Bytes limit) {
  const catalog::Stack& stack = machine.stack();
  const double p = layout.pipeline_parallel;
  const memory::StageParameters average{.dense = group.dense_parameters / p,
                                        .experts = group.expert_parameters / p,
                                        .trained_share = group.trained_share,
                                        .largest_layer = 0};
  const memory::StageMemory states = memory::state_memory(average, train::held_bytes(job, stack, layout), layout);
  // Of offloaded weights at least nothing is held here; the estimate knows the two layers that stream.
  Bytes need = (layout.offload_weights ? Bytes{} : states.weights) + states.optimizer + stack.memory_reserve;
  // Freed after every step, gradients may stand where activations stood.
  if (!train::fully_sharded(stack, layout)) need += states.gradients;
  if (need > limit) return true;
  // At least one microbatch of the fullest stage's layers is held.
  if (layout.offload_layers > 0) return false;
  return need + held * (stack.memory_overhead / p) > limit;
}

Seconds time_floor(const LayerGroup& group, const workload::TrainingJob& job, const Layout& layout, Seconds recompute) {
  return (group.work + recompute) *
         (static_cast<double>(job.global_batch) / layout.microbatch / layout.data_parallel / layout.pipeline_parallel);
}

}  // namespace socle::search
