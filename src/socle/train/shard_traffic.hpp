#pragma once

#include "socle/train/cost_set.hpp"

namespace socle::train {

/// Parameters of one layer on one rank, before sharding; `trained`: of both that get gradients.
struct LayerParameters {
  double dense = 0, experts = 0, trained = 0;
};

/// What ZeRO-3 adds to both passes of one layer and one microbatch; nothing where a pipeline gathers once a step.
struct ShardTraffic {
  PartTimes forward, backward;
};

/// Each layer gathers its weights before both passes and scatters its gradients after the backward pass; prefetching
/// hides a share of it under the layer's own compute. Of PyTorch's fully_shard besides: copies into and out of the
/// collectives' buffers, and the host's calls (docs/design/step.md).
ShardTraffic shard_traffic(const LayerParameters& parameters, const LayerCost& layer, const workload::TrainingJob& job,
                           const workload::Layout& layout, const machine::Machine& machine);

}  // namespace socle::train
