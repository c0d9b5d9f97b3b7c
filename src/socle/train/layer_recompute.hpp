#pragma once

#include <optional>

#include "socle/base/feasible.hpp"
#include "socle/model/transformer.hpp"
#include "socle/train/layer_cost.hpp"

namespace socle::train {

/// What one layer computes again in its backward pass, and what it keeps until then.
struct LayerRecompute {
  PartTimes time;
  Flops flops{};
  Bytes held{};     ///< activations kept for each microbatch in flight
  Bytes working{};  ///< what lives again while the layer's backward pass runs
};

/// Of a layer that recomputes as the layout says; under full recompute of some layers, of one of those.
/// `layer_input` = what full recompute keeps of it.
LayerRecompute layer_recompute(const LayerCost& cost, const workload::Layout& layout, Bytes layer_input);

/// Modules that act: the whole expert block holds its activation and its shared experts.
workload::ModuleSet acting_modules(workload::ModuleSet modules);

/// Modules that the model has, so that recomputing them drops something.
workload::ModuleSet recomputable_modules(const model::Transformer& model);

/// Keys of recompute and of sharded weights that contradict each other or act on nothing in this model.
std::optional<Infeasible> recompute_problem(const model::Transformer& model, const workload::Layout& layout);

/// Share of a stage's layers that recompute in full. Requires: recompute is kFull.
double recomputed_share(const workload::Layout& layout, double layers_of_stage);

}  // namespace socle::train
