#pragma once

#include "socle/graph/layer_ops.hpp"

namespace socle::graph {

/// What the op builders share: the sizes that one rank sees in one microbatch. Internal to `graph/`.
struct RankShape {
  const model::Transformer& model;
  const workload::TrainingJob& job;
  const workload::Layout& layout;
  Fusion fusion;
  double hidden;
  double tokens;          ///< after context parallel
  double sharded_tokens;  ///< after context and sequence parallel
  double tensor;          ///< tensor-parallel size
};

RankShape rank_shape(const model::Transformer& model, const workload::TrainingJob& job, const workload::Layout& layout,
                     const Fusion& fusion);

Op gemm(const char* name, double m, double n, double k, bool wide);
/// The operation with the bytes that it keeps for the backward pass.
Op saving(Op op, double bytes);
/// The operation, whose saved bytes a light selective recompute regains for `traffic` bytes of norm or activation.
Op light(Op op, double traffic);
Op memory(const char* name, Bytes forward, Bytes backward, double launches, double backward_launches);

}  // namespace socle::graph
