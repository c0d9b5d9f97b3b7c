#pragma once

#include <vector>

#include "socle/model/transformer.hpp"
#include "socle/train/layer_cost.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::train {

/// Everything about a step that does not depend on pp, vpp, dp, schedule or recompute: the costs of each kind of layer
/// and of both ends for one microbatch. What a search computes once and reads many times.
struct CostSet {
  std::vector<LayerCost> kinds;  ///< by model.kinds
  std::vector<double> layers;    ///< how many of each kind; multi-token-prediction modules left out
  LayerCost embedding;
  LayerCost head;
  std::vector<double> dense_parameters;    ///< per rank and kind, experts excluded
  std::vector<double> expert_parameters;   ///< per rank and kind
  std::vector<double> trained_parameters;  ///< per rank and kind; all of them, or LoRA adapters only
  std::vector<Flops> orthogonal_dense;     ///< per rank and kind: orthogonal updates of whole matrices, shared by tp
  std::vector<Flops>
      orthogonal_experts;           ///< ... of experts, shared by ep * etp; both empty unless the optimizer is Muon
  double embedding_parameters = 0;  ///< per rank
  double head_parameters = 0;       ///< per rank; the tied copy counts on the last stage too
  Bytes layer_input{};              ///< what full recompute keeps per layer
  Bytes stage_message{};            ///< what a pipeline stage sends on
};

/// Requires: `layout_problem` found nothing.
CostSet cost_set(const model::Transformer& model, const workload::TrainingJob& job, const workload::Layout& layout,
                 const machine::Machine& machine);

}  // namespace socle::train
