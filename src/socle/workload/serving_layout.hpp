#pragma once

namespace socle::workload {

/// How one replica of a served model is laid over its chips. Text forms: tp pp dp ep.
/// Requires: every size at least 1; ep divides tp * dp.
struct ServingLayout {
  int tensor_parallel = 1;    ///< of attention and dense blocks
  int pipeline_parallel = 1;  ///< stages
  int data_parallel = 1;      ///< attention dp: groups of tp chips, each with its own sequences and cache
  int expert_parallel = 1;    ///< ranks that share out the experts of a layer; each expert is cut over the others

  int ranks() const { return tensor_parallel * data_parallel; }  ///< chips of one stage
  int chips() const { return ranks() * pipeline_parallel; }
  int expert_tensor_parallel() const { return ranks() / expert_parallel; }

  bool operator==(const ServingLayout&) const = default;
};

}  // namespace socle::workload
