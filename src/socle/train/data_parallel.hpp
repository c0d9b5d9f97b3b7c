#pragma once

#include "socle/train/stage_cost.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::train {

/// Data-parallel traffic of one optimizer step on one stage.
struct DataParallelCost {
  Seconds exposed{};
  Seconds hidden{};
};

/// Gradient reduction and parameter gathering once per step; under ZeRO-3, whose layers gather and scatter inside each
/// microbatch, what is deferred to the end of the step. Overlap hides a share of each under the last backward and the
/// first forward pass. `forward`, `backward`: the stage's compute of one microbatch, under which communication can
/// hide.
DataParallelCost data_parallel_cost(const memory::StageParameters& parameters, const workload::TrainingJob& job,
                                    const workload::Layout& layout, const machine::Machine& machine, Seconds forward,
                                    Seconds backward, int microbatches);

/// Memory traffic of the optimizer on this rank's share of the states, and the host link when states are offloaded.
/// `orthogonalised`: FLOPs that this rank spends on orthogonal updates.
Seconds optimizer_time(const memory::StageParameters& parameters, const workload::TrainingJob& job,
                       const workload::Layout& layout, const machine::Machine& machine, Flops orthogonalised = {});

}  // namespace socle::train
