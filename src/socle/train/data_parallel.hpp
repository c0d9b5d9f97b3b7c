#pragma once

#include "socle/train/stage_cost.hpp"

namespace socle::train {

/// Data-parallel traffic of one optimizer step on one stage.
struct DataParallelCost {
  Seconds exposed{};
  Seconds hidden{};
};

/// Gradient reduction and parameter gathering once per step, for everything but ZeRO-3 (whose layers gather and scatter
/// inside each microbatch). Overlap hides a share of each under the last backward and the first forward pass.
/// `forward`, `backward`: the stage's compute of one microbatch, under which communication can hide.
DataParallelCost data_parallel_cost(const memory::StageParameters& parameters, const workload::Layout& layout,
                                    const machine::Machine& machine, Seconds forward, Seconds backward,
                                    int microbatches);

/// Memory traffic of the optimizer on this rank's share of the states, and the host link when states are offloaded.
Seconds optimizer_time(const memory::StageParameters& parameters, const workload::Layout& layout,
                       const machine::Machine& machine);

}  // namespace socle::train
