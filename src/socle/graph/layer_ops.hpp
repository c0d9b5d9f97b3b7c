#pragma once

#include "socle/graph/op.hpp"
#include "socle/model/transformer.hpp"
#include "socle/workload/layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::graph {

/// How the software turns a layer into kernels; facts of a software stack, free of hardware.
struct Fusion {
  bool fused_elementwise = true;  ///< bias, activation and dropout fused; norms fused (else one kernel per step)
  bool fused_loss = true;         ///< the vocabulary loss in one kernel
  bool fused_scores = true;       ///< unfused attention: scale, mask and softmax in one kernel
  workload::Dispatcher dispatcher = workload::Dispatcher::kAllToAll;  ///< where the layout names none
};

/// Operations and communications of one layer for one microbatch on one rank.
/// Requires: the layout's tp divides heads and ffn, ep * etp divides the ranks of a stage (see layout_check).
LayerGraph layer_graph(const model::Transformer& model, const model::Layer& layer, const workload::TrainingJob& job,
                       const workload::Layout& layout, const Fusion& fusion);

/// Input embedding on the first stage: a gather forward, a scatter-add backward.
LayerGraph embedding_graph(const model::Transformer& model, const workload::TrainingJob& job,
                           const workload::Layout& layout);

/// Final norm, LM head and vocabulary loss in fp32 on the last stage.
LayerGraph head_graph(const model::Transformer& model, const workload::TrainingJob& job, const workload::Layout& layout,
                      const Fusion& fusion);

}  // namespace socle::graph
