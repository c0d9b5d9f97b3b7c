#pragma once

#include <optional>

#include "socle/workload/layout.hpp"

namespace socle::workload {

/// A layout of which some keys are given; the empty ones are searched (or take the stack's habit, see `search/`).
struct PartialLayout {
  std::optional<int> tensor_parallel, pipeline_parallel, virtual_pipeline, context_parallel;
  std::optional<int> expert_parallel, expert_tensor_parallel, data_parallel, microbatch;
  std::optional<bool> sequence_parallel;
  std::optional<Schedule> schedule;
  std::optional<Recompute> recompute;
  std::optional<int> recompute_layers;
  std::optional<Sharding> sharding;
  std::optional<int> shard_size;
  std::optional<bool> offload_optimizer;
  std::optional<bool> overlap_grad_reduce, overlap_param_gather, overlap_tensor_parallel, overlap_expert_parallel;
};

}  // namespace socle::workload
