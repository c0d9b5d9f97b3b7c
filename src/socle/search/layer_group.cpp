#include "socle/search/layer_group.hpp"

#include <algorithm>

namespace socle::search {

using workload::Layout;
using workload::Recompute;

Feasible<LayerGroup> layer_group(const model::Transformer& model, const workload::TrainingJob& job,
                                 const Layout& layout, const machine::Machine& machine, int chips) {
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
    group.recompute_selective += group.costs.kinds[k].recompute_selective.total();
    group.recompute_full += group.costs.kinds[k].recompute_full.total();
    group.dense_parameters += group.costs.dense_parameters[k];
    group.expert_parameters += group.costs.expert_parameters[k];
    trained += group.costs.trained_parameters[k];
  }
  add(group.costs.embedding);
  add(group.costs.head);
  group.trained_share = std::min(1.0, trained / (group.dense_parameters + group.expert_parameters));
  const double ranks = static_cast<double>(chips) / (layout.tensor_parallel * layout.context_parallel);
  group.floor = group.work * (static_cast<double>(job.global_batch) / layout.microbatch / ranks);
  return group;
}

bool surely_too_large(const LayerGroup& group, const model::Transformer& model, const Layout& layout,
                      const machine::Machine& machine, Bytes limit) {
  const catalog::Stack& stack = machine.stack();
  const double p = layout.pipeline_parallel;
  const memory::StageParameters average{.dense = group.dense_parameters / p,
                                        .experts = group.expert_parameters / p,
                                        .trained_share = group.trained_share,
                                        .largest_layer = 0};
  const double weight = stack.narrow_weights ? 0.5 : 2.0;
  const memory::StageMemory states = memory::state_memory(
      average, {.weight = weight, .gradient = std::min(stack.gradient_bytes, 4.0), .optimizer = stack.optimizer_bytes},
      layout);
  // Of offloaded weights at least nothing is held here; the estimate knows the two layers that stream.
  Bytes need =
      (layout.offload_weights ? Bytes{} : states.weights) + states.gradients + states.optimizer + stack.memory_reserve;
  if (need > limit) return true;
  // At least one microbatch of the fullest stage's layers is held, at their cheapest recipe.
  if (layout.offload_layers > 0) return false;
  const Bytes input = group.costs.layer_input * (model.layers() / p);
  if (layout.recompute == Recompute::kFull) return need + input * stack.memory_overhead > limit;
  Bytes held{};
  for (const int kind : model.kind_of_layer) {
    const train::LayerCost& cost = group.costs.kinds[static_cast<std::size_t>(kind)];
    held += layout.recompute == Recompute::kNone ? cost.saved : cost.saved_selective;
  }
  return need + held * (stack.memory_overhead / p) > limit;
}

Seconds time_floor(const LayerGroup& group, const workload::TrainingJob& job, const Layout& layout) {
  Seconds work = group.work;
  if (layout.recompute == Recompute::kSelective) work += group.recompute_selective;
  if (layout.recompute == Recompute::kFull && layout.recompute_layers == 0) work += group.recompute_full;
  return work *
         (static_cast<double>(job.global_batch) / layout.microbatch / layout.data_parallel / layout.pipeline_parallel);
}

}  // namespace socle::search
