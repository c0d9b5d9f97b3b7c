#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// Two half-size chunks a stage in a V. A microbatch takes 2, 1, 2 and 1 slots from stage to stage on its way down, up,
// down and up again, so a stage holds both chunks for 6 p of the 12 p slots of ZB-V: half of 1F1B's first stage.
// Source: Qi et al. 2024 (Pipeline parallelism with controllable memory, arXiv 2405.15362), section 3.
BlockOffsets v_half_block() { return {.forward_down = 2, .forward_up = 1, .backward_down = 2, .backward_up = 1}; }

Program v_half(int stages, int, int microbatches, const TaskWeights&) {
  return program_of_block(v_half_block(), stages, microbatches);
}

}  // namespace socle::train
