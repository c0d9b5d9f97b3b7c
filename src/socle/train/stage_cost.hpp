#pragma once

#include <vector>

#include "socle/memory/footprint.hpp"
#include "socle/train/cost_set.hpp"
#include "socle/train/pipeline.hpp"

namespace socle::train {

/// One chunk of one stage for one microbatch.
struct ChunkCost {
  PartTimes forward;
  PartTimes backward;      ///< recompute included
  PartTimes recompute;     ///< the part of `backward` that recompute adds
  Seconds weight{};        ///< the part of `backward` that is weight gradient
  Bytes held{};            ///< activations kept per microbatch in flight
  Seconds at_peak{};       ///< FLOPs at datasheet peak, recompute excluded
  Seconds measured{};      ///< device time that rests on measured tables
};

/// All chunks, [stage * chunks + chunk], and what one rank of each stage stores.
struct StageCosts {
  int chunks = 1;
  std::vector<ChunkCost> chunk;
  std::vector<memory::StageParameters> parameters;  ///< by stage
  std::vector<Bytes> working;                       ///< by stage: largest transient beside held activations
};

/// Spreads the layers over the pipeline and sums their costs, with recompute and, under ZeRO-3, the exposed gathering
/// of weights and scattering of gradients of every layer.
StageCosts stage_costs(const model::Transformer& model, const workload::TrainingJob& job, const workload::Layout& layout,
                       const Machine& machine, const CostSet& costs);

/// Footprint of the ranks that share one copy of the dense weights, and of those that share one copy of the experts.
comm::Footprint data_footprint(const workload::Layout& layout, int domain);
comm::Footprint expert_data_footprint(const workload::Layout& layout, int domain);

}  // namespace socle::train
