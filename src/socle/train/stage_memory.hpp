#pragma once

#include "socle/train/stage_cost.hpp"

namespace socle::train {

/// Peak memory of one rank of every stage: states, activations held over the schedule, transients and reserves.
/// `program` may be empty (no tasks); then the schedule's known peak of microbatches in flight counts.
std::vector<memory::StageMemory> stage_memories(const StageCosts& costs, const Program& program,
                                                const workload::Layout& layout, const machine::Machine& machine,
                                                const workload::TrainingJob& job);

}  // namespace socle::train
