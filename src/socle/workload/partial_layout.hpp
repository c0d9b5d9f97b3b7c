#pragma once

#include <optional>

#include "socle/workload/layout.hpp"

namespace socle::workload {

/// A layout of which some keys are given; the empty ones are searched (or take the stack's habit, see `search/`).
struct PartialLayout {
  std::optional<int> tensor_parallel, pipeline_parallel, virtual_pipeline, context_parallel;
  std::optional<int> expert_parallel, expert_tensor_parallel, data_parallel, microbatch;
  std::optional<ContextExchange> context_exchange;
  std::optional<Dispatcher> dispatcher;
  std::optional<bool> sequence_parallel;
  std::optional<Schedule> schedule;
  std::optional<Recompute> recompute;
  std::optional<ModuleSet> recompute_modules;
  std::optional<int> recompute_layers, recompute_every;
  std::optional<Sharding> sharding;
  std::optional<int> shard_size;
  std::optional<bool> reshard_after_forward, defer_grad_reduce;
  std::optional<bool> offload_optimizer;
  std::optional<bool> overlap_grad_reduce, overlap_param_gather, overlap_tensor_parallel, overlap_expert_parallel;
};

/// What the schedule that is named says by itself: a V has its two chunks, so vpp = 2 beside it says the same;
/// DualPipe exists to hide the exchange of experts under another microbatch (DeepSeek-V3 report, section 3.2.1), and
/// does unless it is told not to. Modules named are recomputed selectively, a number of layers in full.
inline PartialLayout settled(PartialLayout layout) {
  if (layout.schedule && is_vee(*layout.schedule) && layout.virtual_pipeline == 2) layout.virtual_pipeline = 1;
  if (layout.schedule == Schedule::kDualPipe && !layout.overlap_expert_parallel) layout.overlap_expert_parallel = true;
  if (!layout.recompute && layout.recompute_modules && !layout.recompute_modules->empty())
    layout.recompute = Recompute::kSelective;
  if (!layout.recompute && layout.recompute_every.value_or(0) > 0) layout.recompute = Recompute::kFull;
  return layout;
}

}  // namespace socle::workload
