#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// Two half-size chunks a stage in a V, each task one slot after its neighbour's: a stage holds both chunks for 4 p of
// the 12 p slots of ZB-V, a third of 1F1B's first stage, and nothing is shorter. Where forward, data and weight
// gradient differ in length, every microbatch waits for the longest.
// Source: Qi et al. 2024 (Pipeline parallelism with controllable memory, arXiv 2405.15362), section 3.
BlockOffsets v_min_block() { return {.forward_down = 1, .forward_up = 1, .backward_down = 1, .backward_up = 1}; }

Program v_min(int stages, int, int microbatches, const TaskWeights&) {
  return program_of_block(v_min_block(), stages, microbatches);
}

}  // namespace socle::train
