#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// Two half-size chunks a stage, down and back up; at most 2 p chunk activations, the memory of 1F1B's first stage.
// Source: Qi et al. 2024 (Pipeline parallelism with controllable memory, arXiv 2405.15362), section 3.
Program zb_v(int stages, int, int microbatches, const TaskWeights& weights) {
  Program program{.stages = stages, .chunks = 2, .microbatches = microbatches, .wiring = Wiring::kVee, .tasks = {}};
  order_greedily(program, std::vector<int>(static_cast<std::size_t>(stages), 2 * stages), weights);
  return program;
}

}  // namespace socle::train
